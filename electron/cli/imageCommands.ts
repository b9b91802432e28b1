import type { ImageSummary, ImageTransfer } from '#shared/domain/Image.ts';
import { transferProgress } from '#shared/image/transferProgress.ts';
import { engineReady } from './opened.ts';
import type { CommandContext } from './runCommand.ts';

/** The commands about the engine's images. Each answers the exit code. */
export const imageCommands: Record<string, (context: CommandContext) => Promise<number>> = {
  async images(context) {
    const { core, output } = context;
    core.engine.start();
    await engineReady(core);
    const images = await core.images.list();
    output.result({ images }, images.map(describe).join('\n'));
    return 0;
  },
  pull: (context) => transfer(context, 'pull'),
  push: (context) => transfer(context, 'push'),
};

/** One image after the other; the first that fails ends it. */
async function transfer(context: CommandContext, direction: 'pull' | 'push'): Promise<number> {
  const { core, command, output, signal } = context;
  core.engine.start();
  await engineReady(core);
  const done: { reference: string; digest: string | null; imageId: string | null; upToDate: boolean }[] = [];
  for (const reference of command.words) {
    for await (const [view] of core.images[direction](reference, signal)) {
      if (view === undefined) continue;
      output.progress(progressText(view));
      const { result } = view;
      if (result !== undefined)
        done.push({
          reference,
          digest: result.digest ?? null,
          imageId: result.imageId ?? null,
          upToDate: result.upToDate,
        });
    }
  }
  output.result(
    { [direction]: done },
    done.map(({ reference, digest }) => `${reference} ${digest ?? ''}`.trimEnd()).join('\n'),
  );
  return 0;
}

/** In steps of ten per cent: a terminal or a build log shows every one of them as a line. */
function progressText(view: ImageTransfer): string {
  const { share, layers, layersDone } = transferProgress(view);
  if (share === undefined || view.result !== undefined) return `${view.reference}: ${view.status}`;
  return `${view.reference}: ${view.status}, ${layersDone} of ${layers} layers, ${Math.floor(share * 10) * 10} %`;
}

function describe({ id, tags, sizeBytes, usedBy }: ImageSummary): string {
  const name = tags.length === 0 ? '<untagged>' : tags.join(', ');
  const users = usedBy.length === 0 ? '' : `  used by ${usedBy.join(', ')}`;
  return `${id.slice('sha256:'.length, 'sha256:'.length + 12)}  ${(sizeBytes / 1e6).toFixed(1).padStart(9)} MB  ${name}${users}`;
}
