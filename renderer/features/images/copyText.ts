import { toast } from 'sonner';

/** Puts a text on the clipboard and says so. */
export function copyText(text: string): void {
  navigator.clipboard.writeText(text).then(
    () => toast.success('Copied', { duration: 1500 }),
    () =>
      toast.error('The clipboard cannot be used here', {
        description: 'Select the text and copy it by hand.',
      }),
  );
}
