/**
 * Sixteen hexadecimal digits that stand for a text: two 32-bit FNV-1a sums over its UTF-16 units, begun differently. It tells an edit from
 * none and is no safeguard against anybody. Labels of containers hold these, so it must never change.
 */
export function digestText(text: string): string {
  let one = 0x811c9dc5;
  let other = 0x050c5d1f;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    one = Math.imul(one ^ unit, 0x01000193);
    other = Math.imul(other ^ (unit + 0x9e37), 0x01000193) ^ (other >>> 15);
  }
  return hex(one) + hex(other);
}

const hex = (sum: number): string => (sum >>> 0).toString(16).padStart(8, '0');
