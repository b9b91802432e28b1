import type { ServiceModel } from '../domain/ServiceModel.ts';
import type { PlanNote } from './ChangePlan.ts';
import type { EndedReplica } from './decideReplicas.ts';

/** Says of replicas that have ended why they are left so. */
export function noteEnded(service: ServiceModel, ended: readonly EndedReplica[], notes: PlanNote[]): void {
  for (const { kind, container } of ended) {
    const subject = `${service.name}-${container.index}`;
    const code = container.exitCode ?? '?';
    notes.push(
      kind === 'done'
        ? {
            kind,
            subject,
            service: service.name,
            text: `${subject} ended with code ${code}: done, not missing`,
          }
        : {
            kind,
            subject,
            service: service.name,
            text: `${subject} failed with ${container.oomKilled === true ? 'too little memory' : `code ${code}`}, and its restart policy is “no”`,
            hint: 'What failed is tried again with --retry-failed.',
            asks: 'retryFailed',
          },
    );
  }
}
