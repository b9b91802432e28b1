import type { Findings } from '../../Findings.ts';
import type { Located } from '../../Located.ts';
import { formatScalar } from '../scalars/formatScalar.ts';
import { refuse } from '../sources/refuse.ts';
import { locatedList } from '../tree/locatedList.ts';
import { locatedMap } from '../tree/locatedMap.ts';
import { locatedText } from '../tree/locatedText.ts';
import { locatedValue } from '../tree/locatedValue.ts';
import { parsePortText } from './parsePortText.ts';

/** Many ranges of ports would fill the memory one line at a time. */
const MOST_PORTS = 10_000;

/**
 * A function that writes the ports of one service after the other in the long form, a range as several; all of them are bounded together. What is no
 * port is told and stays as it is.
 */
export function portExpander(findings: Findings): (node: Located) => Located {
  let count = 0;
  return (node) => {
    if (node.kind !== 'list') return node;
    return locatedList(
      node,
      node.items.flatMap((item): Located[] => {
        if (item.kind !== 'scalar') return [item];
        if (typeof item.value === 'bigint') return [locatedMap(item, [['target', item]])];
        const text = item.value === null ? '' : formatScalar(item.value);
        const ports = count > MOST_PORTS ? { problem: 'the file has too many' } : parsePortText(text);
        if ('problem' in ports) {
          refuse(
            findings,
            item,
            'bad-port',
            `“${text}” is no port: ${ports.problem}.`,
            'Write CONTAINER, HOST:CONTAINER or IP:HOST:CONTAINER, as in "8080:80"; /udp may follow.',
          );
          return [item];
        }
        count += ports.length;
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
  };
}
