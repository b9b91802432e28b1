import { toast } from 'sonner';

/** Puts a text on the clipboard and says so. */
export function copyText(text: string, said: string): void {
  void navigator.clipboard.writeText(text).then(
    () => toast(said),
    () => toast.error('The clipboard cannot be written.'),
  );
}
