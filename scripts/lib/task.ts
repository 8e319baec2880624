import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'

/** A failure whose one line says everything: it is printed without a stack. */
export class TaskFailure extends Error {
  override readonly name = 'TaskFailure'
}

/** What a task is and which options it takes. */
export interface Task<Options extends ParseArgsOptionsConfig> {
  /** `check`, as in `npm run check`. */
  readonly name: string
  /** Printed by `--help`: what it does, then one line per option. */
  readonly help: string
  readonly options?: Options
  /** Whether words without dashes are taken. @default false */
  readonly positionals?: boolean
  readonly run: (parsed: ParsedTaskArguments<Options>) => Promise<void> | void
}

/** The values and words that a task was called with. */
export type ParsedTaskArguments<Options extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: Options; allowPositionals: true }>
>

/**
 * Runs a task with the arguments of this process. `--help` prints its help; an unknown option or a
 * {@link TaskFailure} prints one line and ends with exit code 1.
 */
export async function runTask<const Options extends ParseArgsOptionsConfig>(
  task: Task<Options>,
  argv: readonly string[] = process.argv.slice(2),
): Promise<void> {
  try {
    if (argv.includes('--help') || argv.includes('-h')) console.log(task.help.trim())
    else await task.run(parseTaskArguments(task, argv))
  } catch (error) {
    console.error(error instanceof TaskFailure ? error.message : error)
    process.exitCode = 1
  }
}

function parseTaskArguments<Options extends ParseArgsOptionsConfig>(
  task: Task<Options>,
  argv: readonly string[],
): ParsedTaskArguments<Options> {
  try {
    const options = task.options ?? ({} as Options)
    const parsed = parseArgs({ args: [...argv], options, allowPositionals: true })
    if (parsed.positionals.length > 0 && task.positionals !== true)
      throw new Error(`Unexpected argument '${parsed.positionals[0]}'`)
    return parsed as ParsedTaskArguments<Options>
  } catch (error) {
    const [sentence] = (error as Error).message.split(/\.\s/)
    throw new TaskFailure(`${sentence}. "npm run ${task.name} -- --help" lists what ${task.name} takes.`)
  }
}
