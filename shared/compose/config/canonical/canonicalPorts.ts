import type { Findings } from '../../Findings.ts';
import type { Located } from '../../Located.ts';
import { formatScalar } from '../scalars/formatScalar.ts';
import { locatedList } from '../tree/locatedList.ts';
import { locatedMap } from '../tree/locatedMap.ts';
import { locatedText } from '../tree/locatedText.ts';
import { locatedValue } from '../tree/locatedValue.ts';
import { parsePortText } from './parsePortText.ts';

/** The ports of a service, each in the long form; a range becomes several. */
export function canonicalPorts(node: Located, findings: Findings): Located {
  if (node.kind !== 'list') return node;
  return locatedList(
    node,
    node.items.flatMap((item): Located[] => {
      if (item.kind !== 'scalar') return [item];
      if (typeof item.value === 'bigint') return [locatedMap(item, [['target', item]])];
      const text = item.value === null ? '' : formatScalar(item.value);
      const ports = parsePortText(text);
      if ('problem' in ports) {
        findings.add({
          code: 'bad-port',
          severity: 'error',
          file: item.file,
          start: item.start,
          end: item.end,
          message: `“${text}” is no port: ${ports.problem}.`,
          explanation:
            'Write CONTAINER, HOST:CONTAINER or IP:HOST:CONTAINER, as in "8080:80"; /udp may follow.',
        });
        return [];
      }
      return ports.map(({ hostIp, target, published, protocol }) =>
        locatedMap(item, [
          ['mode', locatedText(item, 'ingress')],
          ['host_ip', hostIp === '' ? undefined : locatedText(item, hostIp)],
          ['target', locatedValue(item, BigInt(target))],
          ['published', published === '' ? undefined : locatedText(item, published)],
          ['protocol', locatedText(item, protocol)],
        ]),
      );
    }),
  );
}
