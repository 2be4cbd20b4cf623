/**
 * The command line: one thin file per command under commands/, each adding itself; what is heavy is imported when a command runs.
 * Exit codes and streams are those of docs/cli.md.
 */
import { Command, CommanderError } from 'commander';
import { add as build } from './commands/build.ts';
import { add as check } from './commands/check.ts';
import { add as engine } from './commands/engine.ts';
import { add as explain } from './commands/explain.ts';
import { add as fmt } from './commands/fmt.ts';
import { add as predict } from './commands/predict.ts';
import { add as run } from './commands/run.ts';
import { add as serve } from './commands/serve.ts';
import { add as summary } from './commands/summary.ts';
import { fail } from './fail.ts';
import { reasonOf } from '../runtime/train/reason.ts';
import { colour, Exit, say } from './io.ts';
import { version } from './version.ts';

const cli = new Command('cnnc')
  .description('Describe an image classifier, have it proved, train it, use it.')
  .version(version)
  .showHelpAfterError('(cnnc --help shows the commands)')
  .showSuggestionAfterError()
  .exitOverride();

for (const add of [run, check, summary, fmt, build, predict, serve, explain, engine]) add(cli);
for (const command of cli.commands) {
  command.exitOverride();
  for (const inner of command.commands) inner.exitOverride();
}

// A reader that goes away (`cnnc summary x | head`) is not an error of ours; output that is lost is one.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(Exit.done);
  say(`${colour.red('error')}: the output cannot be written: ${reasonOf(error)}`);
  process.exit(Exit.errors);
});

try {
  if (process.argv.length <= 2) cli.outputHelp();
  else await cli.parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? Exit.done : Exit.usage;
  else process.exitCode = await fail(error);
}
