import { useEffect, useEffectEvent, useState } from 'react';
import { goTo, guardLeaving } from '../../stores/route.ts';

interface LeaveGuard {
  /** Somebody wants to leave while there are changes. */
  asking: boolean;
  stay: () => void;
  /** Goes where they wanted to. */
  leave: () => void;
}

/** Asks before the page is left while there are changes. */
export function useLeaveGuard(changed: boolean): LeaveGuard {
  const [wanted, setWanted] = useState<string>();
  const onLeave = useEffectEvent((hash: string): boolean => {
    if (!changed || hash === wanted) return true;
    setWanted(hash);
    return false;
  });
  useEffect(() => guardLeaving((hash) => onLeave(hash)), []);
  return {
    asking: wanted !== undefined,
    stay: () => setWanted(undefined),
    leave: () => {
      if (wanted !== undefined) goTo(wanted);
    },
  };
}
