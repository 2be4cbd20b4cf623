/** CNN1232-1234: comments that speak to the checker, `# cnnc: allow CNN3201 the reason`. */
import { entry } from './entry.ts';

const example = 'for example: # cnnc: allow CNN3201 the pictures are tiny, and the head is meant to be large';

export const commentCodes = {
  CNN1232: entry('warning', 'nothing to allow', (f: { code: string; below: boolean }) => ({
    message: f.below ? `${f.code} is allowed here, but what follows gives no such warning` : `${f.code} is allowed here, but nothing stands on the next line`,
    label: 'allows nothing',
    help: [f.below ? 'leave it out' : 'put the comment on a line of its own, directly above the statement'],
  })),
  CNN1233: entry('warning', 'comment not understood', (f: { what: 'nothing' | 'word' | 'code'; written: string }) => ({
    message: { nothing: 'this comment is meant for cnnc, but does not say what to allow', word: `a comment for cnnc can only allow a warning, and \`${f.written}\` is something else`, code: `there is no message ${f.written} that could be allowed` }[f.what],
    help: [f.what === 'code' ? 'cnnc explain lists all messages' : example],
  })),
  CNN1234: entry('warning', 'errors cannot be allowed', (f: { code: string }) => ({
    message: `${f.code} is an error, and errors cannot be allowed`,
    label: 'has no effect',
    help: [`what it means and how to mend it: cnnc explain ${f.code}`],
  })),
};
