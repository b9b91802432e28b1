import type { Variables } from '../../interpolate.ts';
import type { Located } from '../../Located.ts';
import { asSequence } from '../merge/asSequence.ts';
import { formatScalar } from '../scalars/formatScalar.ts';
import { locatedList } from '../tree/locatedList.ts';
import { locatedText } from '../tree/locatedText.ts';
import { mapAt } from '../tree/mapAt.ts';

/** Names without a value in `environment` and `build.args` take the project's; those that are not set stay without. */
export function fillEnvironment(root: Located, variables: Variables): Located {
  const fill = (node: Located): Located =>
    locatedList(
      node,
      asSequence(node).items.map((item) => {
        const name = item.kind === 'scalar' && item.value !== null ? formatScalar(item.value) : '';
        const value = name.includes('=') ? undefined : variables.get(name);
        return value === undefined ? item : locatedText(item, `${name}=${value}`);
      }),
    );
  return mapAt(mapAt(root, 'services.*.environment', fill), 'services.*.build.args', fill);
}
