import type { RunRecord } from '#shared/domain/Run.ts';
import { checkRun } from '#shared/runs/checkRun.ts';
import type { Requirement } from '#shared/study/Requirement.ts';
import { RequirementList } from '../study/RequirementList.tsx';

interface RunRequirementsProps {
  requirements: readonly Requirement[];
  record: RunRecord;
}

/** Which of the file's requirements a run meets, of those that a single run can. */
export function RunRequirements({ requirements, record }: RunRequirementsProps) {
  const results = checkRun(requirements, record);
  return results.length === 0 ? null : <RequirementList results={results} />;
}
