import { ExprsnError } from '@exprsn/core'
import { readFile, systemDisk } from '@exprsn/core/disk'
import { fetchWal, pushWal } from './archive-client.ts'
import { archiveErrors } from './errors.ts'

/** What the program is started with. */
export interface ArchiveCommandOptions {
  /** What follows the program's name. */
  readonly programArguments: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Takes what there is to say, which PostgreSQL puts into its log. */
  readonly say: (text: string) => void
}

/**
 * For archive_command any code from 1 to 125 is a failure that is counted and tried again; a higher one ends the archiver, which starts again
 * later and counts nothing. For restore_command codes up to 125 mean that the file is not there, so that the recovery ends; a higher
 * one gives the recovery up, which is right when nobody knows (https://www.postgresql.org/docs/current/continuous-archiving.html).
 */
const exitCode = { done: 0, failedPush: 1, notThere: 1, wrongUse: 2, failedFetch: 255 } as const

const usage = `exprsn-wal push <path, %p> <name, %f> [--address <address>] [--token-file <file>]
exprsn-wal fetch <name, %f> <path, %p> [--address <address>] [--token-file <file>]
The address is unix:<path> or http://127.0.0.1:<port>; it may stand in EXPRSN_WAL_ADDRESS, and the token in EXPRSN_WAL_TOKEN.`

/** The program `exprsn-wal`. Returns the exit code; never rejects. */
export async function runArchiveCommand({
  programArguments,
  environment,
  say,
}: ArchiveCommandOptions): Promise<number> {
  const [what, first, second, ...rest] = programArguments
  if ((what !== 'push' && what !== 'fetch') || first === undefined || second === undefined) {
    say(usage)
    // A recovery must not take a wrong command for the end of the log.
    return what === 'fetch' ? exitCode.failedFetch : exitCode.wrongUse
  }
  try {
    const given = readOptions(rest)
    const address = given.get('--address') ?? environment['EXPRSN_WAL_ADDRESS']
    if (address === undefined)
      throw archiveErrors.BACKUP_ARCHIVE_OPTION_INVALID({ option: '--address', reason: 'it is missing' })
    const tokenFile = given.get('--token-file')
    const token =
      tokenFile === undefined
        ? environment['EXPRSN_WAL_TOKEN']
        : Buffer.from(await readFile(systemDisk, tokenFile))
            .toString()
            .trim()
    if (what === 'push') await pushWal(first, second, { address, token })
    else if (!(await fetchWal(first, second, { address, token }))) return exitCode.notThere
    return exitCode.done
  } catch (error) {
    say(ExprsnError.is(error) ? `${error.code}: ${error.message} ${error.help ?? ''}` : String(error))
    return what === 'push' ? exitCode.failedPush : exitCode.failedFetch
  }
}

function readOptions(rest: readonly string[]): Map<string, string> {
  const found = new Map<string, string>()
  for (let index = 0; index < rest.length; index += 2) {
    const [name = '', value] = rest.slice(index, index + 2)
    if ((name !== '--address' && name !== '--token-file') || value === undefined)
      throw archiveErrors.BACKUP_ARCHIVE_OPTION_INVALID({ option: name, reason: 'it is not known, or has no value' })
    found.set(name, value)
  }
  return found
}
