/** A field of a protobuf message as it stands on the wire: a number (varint) or bytes (text, bytes, message). */
export interface WireField {
  number: number;
  value: number | Buffer;
}

/**
 * The fields of a protobuf message, in order. Fixed-width fields are stepped over: no message read here has any that
 * matters. Numbers beyond 2^53 lose their last digits.
 * @throws Error when the bytes are no such message.
 */
export function* readFields(bytes: Buffer): Generator<WireField> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = bytes[at];
      if (byte === undefined) throw new Error('A protobuf message is cut off.');
      at += 1;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new Error('A protobuf number is too long.');
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const kind = tag % 8;
    if (kind === 0) yield { number, value: varint() };
    else if (kind === 1 || kind === 5) at += kind === 1 ? 8 : 4;
    else if (kind === 2) {
      const length = varint();
      if (at + length > bytes.length) throw new Error('A protobuf message is cut off.');
      yield { number, value: bytes.subarray(at, at + length) };
      at += length;
    } else throw new Error(`A protobuf field has the unknown kind ${kind}.`);
  }
}

/** The text of the first field with this number; empty when there is none. */
export function textField(bytes: Buffer, number: number): string {
  for (const field of readFields(bytes))
    if (field.number === number && Buffer.isBuffer(field.value)) return field.value.toString('utf8');
  return '';
}

/** A field that holds text or bytes. */
export function bytesField(number: number, content: string | Buffer): Buffer {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(content, 'utf8');
  return Buffer.concat([Buffer.from([...varint(number * 8 + 2), ...varint(bytes.length)]), bytes]);
}

/** A field that holds a whole number ≥ 0; beyond 2^53 as a bigint. */
export function numberField(number: number, value: number | bigint): Buffer {
  return Buffer.from([...varint(number * 8), ...varint(value)]);
}

function varint(value: number | bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  // Only what a number cannot hold goes the slower way.
  while (typeof rest === 'bigint' && rest > Number.MAX_SAFE_INTEGER) {
    bytes.push(Number(rest & 127n) + 128);
    rest >>= 7n;
  }
  let low = Number(rest);
  for (; low > 127; low = Math.floor(low / 128)) bytes.push((low % 128) + 128);
  bytes.push(low);
  return bytes;
}
