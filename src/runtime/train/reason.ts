/** What the system says, in the words of a message. */

export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'it does not exist',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'the file system is read-only',
    ENOSPC: 'the disk is full',
    EDQUOT: 'the disk quota is used up',
    ENOTDIR: 'a file stands where a folder should be',
    EISDIR: 'it is a folder',
    EEXIST: 'a file of that name is already there',
    EMFILE: 'too many files are open',
  };
  return (code && words[code]) || message || String(error);
}
