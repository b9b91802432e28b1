import { useCallback, useEffect, useRef, useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import { type ErrorShape, toErrorShape } from '#shared/contract/errors.ts';
import type { GenerateProposal } from '#shared/domain/Generate.ts';
import type { GenerateDraft } from './generateStore.ts';

/** A pause in typing after which the proposal is asked for anew, milliseconds. */
const TYPING_PAUSE_MS = 200;

export interface ProposalState {
  /** The last one that could be made; undefined until then. */
  proposal: GenerateProposal | undefined;
  /** Why the present choices give none. */
  error: ErrorShape | undefined;
  /** A newer one is being made. */
  waiting: boolean;
  /** Asks again, e.g. after the files on disk have changed. */
  again: () => void;
}

/** The proposal for what is chosen; earlier answers never replace later ones. */
export function useProposal(
  client: Client,
  appId: string,
  { finding, choices }: GenerateDraft,
): ProposalState {
  const [state, setState] = useState<Omit<ProposalState, 'again'>>({
    proposal: undefined,
    error: undefined,
    waiting: true,
  });
  const [round, setRound] = useState(0);
  const asked = useRef(0);
  useEffect(() => {
    const own = (asked.current += 1);
    const isFirst = own === 1;
    setState((before) => ({ ...before, waiting: true }));
    const timer = setTimeout(
      () => {
        client
          .call('generate.propose', {
            appId,
            choices: { ...choices },
            ...(finding === undefined ? {} : { finding }),
          })
          .then(
            (proposal) => own === asked.current && setState({ proposal, error: undefined, waiting: false }),
            (error: unknown) =>
              own === asked.current &&
              setState((before) => ({ ...before, error: toErrorShape(error), waiting: false })),
          );
      },
      isFirst ? 0 : TYPING_PAUSE_MS,
    );
    return () => clearTimeout(timer);
  }, [client, appId, finding, choices, round]);
  const again = useCallback(() => setRound((before) => before + 1), []);
  return { ...state, again };
}
