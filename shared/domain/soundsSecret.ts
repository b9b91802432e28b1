const SECRET = /pass|secret|token|key|credential|auth/i;
/** `https://name:secret@host` */
const IN_ADDRESS = /(\/\/[^/\s:@]+:)[^/\s@]+(?=@)/g;

/** Whether a variable's name says that its value is nobody's business. */
export const soundsSecret = (name: string): boolean => SECRET.test(name);

/** The text with passwords in addresses (`https://name:password@host`) replaced. */
export const withoutPasswords = (text: string, by = '••••••'): string => text.replace(IN_ADDRESS, `$1${by}`);
