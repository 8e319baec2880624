import { join } from 'node:path'
import type { Disk } from '@exprsn/core/disk'
import { serverErrors } from './errors.ts'
import { writeText } from './files.ts'
import { runCommand, type CommandOptions } from './run-command.ts'

/** What a new cluster is made with. */
export interface InitialiseOptions extends CommandOptions {
  readonly disk: Disk
  readonly binFolder: string
  readonly major: number
  readonly dataFolder: string
  /** Asked of every connection; without one every connection is trusted. */
  readonly password: string | undefined
}

/** The superuser of every cluster made here. */
export const superuser = 'postgres'

/**
 * Makes a new cluster with `initdb`: UTF-8, byte order as the sort order, data checksums.
 *
 * @throws `BACKUP_SERVER_INITIALISE_FAILED`
 */
export async function initialiseCluster(options: InitialiseOptions): Promise<void> {
  const { disk, binFolder, dataFolder, password, cwd, user } = options
  const passwordFile = password === undefined ? undefined : join(cwd, 'password')
  if (passwordFile !== undefined) {
    await writeText(disk, passwordFile, `${password}\n`)
    if (user !== undefined) await disk.setOwner(passwordFile, user.userId, user.groupId)
  }
  const result = await runCommand(join(binFolder, 'initdb'), initdbArguments(options, passwordFile), options)
  if (passwordFile !== undefined) await disk.removeFile(passwordFile)
  if (result.ok) return
  const reason = /error: (.*)/.exec(result.output)?.[1] ?? result.reason
  throw serverErrors.BACKUP_SERVER_INITIALISE_FAILED({ dataFolder, reason, output: result.output })
}

/**
 * Data checksums are the default from 18 on. From 17 on the built-in locale provider knows Unicode's letters while it
 * still sorts by code point, the same on every machine; before that `C` does not know letters beyond ASCII.
 */
export function initdbArguments(
  { major, dataFolder, password }: Pick<InitialiseOptions, 'major' | 'dataFolder' | 'password'>,
  passwordFile: string | undefined,
): string[] {
  const authentication = password === undefined ? 'trust' : 'scram-sha-256'
  return [
    `--pgdata=${dataFolder}`,
    `--username=${superuser}`,
    `--auth=${authentication}`,
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
    ...(passwordFile === undefined ? [] : [`--pwfile=${passwordFile}`]),
    ...(major < 18 ? ['--data-checksums'] : []),
    ...(major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : []),
  ]
}
