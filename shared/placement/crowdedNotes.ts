import type { PlanNote } from '../reconcile/ChangePlan.ts';
import type { PlacementPlan } from './Placement.ts';

/** What a plan of changes says of where replicas will run: only what makes them slower. */
export const crowdedNotes = ({ findings }: PlacementPlan): PlanNote[] =>
  findings
    .filter(({ severity }) => severity === 'warning')
    .map(({ service = '', text, hint }) => ({
      kind: 'crowded',
      subject: service,
      ...(service === '' ? {} : { service }),
      text: text.replace(/\.$/, ''),
      ...(hint === undefined ? {} : { hint }),
    }));
