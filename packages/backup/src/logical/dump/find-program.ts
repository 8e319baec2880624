import { delimiter, join } from 'node:path'
import { exists, systemDisk, type Disk } from '@exprsn/core/disk'
import { logicalErrors } from '../errors.ts'
import { runProgram } from './run-program.ts'

/** A program of PostgreSQL's client. */
export interface DumpProgram {
  readonly path: string
  /** Such as `15.18`. */
  readonly version: string
  readonly major: number
}

/** Options of {@link findProgram}. */
export interface FindProgramOptions {
  readonly binFolder?: string | undefined
  /** The least major version. @default 0 */
  readonly major?: number | undefined
  readonly disk?: Disk | undefined
  readonly signal?: AbortSignal | undefined
}

const debianFolder = '/usr/lib/postgresql'

/** The newest of its name on this machine: newer ones read older servers and dumps. @throws `BACKUP_DUMP_PROGRAM_MISSING` */
export async function findProgram(
  name: 'pg_dump' | 'pg_restore',
  { binFolder, major = 0, disk = systemDisk, signal }: FindProgramOptions,
): Promise<DumpProgram> {
  const found: DumpProgram[] = []
  for (const folder of binFolder === undefined ? await binFolders(disk) : [binFolder]) {
    const path = join(folder, name)
    if (!(await exists(disk, path))) continue
    const { ok, output } = await runProgram(path, ['--version'], {}, signal)
    const version = /\(PostgreSQL\) (\d+[\w.]*)/.exec(output)?.[1]
    if (ok && version !== undefined) found.push({ path, version, major: Number.parseInt(version, 10) })
  }
  const newest = found.sort((one, other) => other.major - one.major)[0]
  if (newest === undefined || newest.major < major)
    throw logicalErrors.BACKUP_DUMP_PROGRAM_MISSING({ program: name, major: Math.max(major, 15) })
  return newest
}

async function binFolders(disk: Disk): Promise<string[]> {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder.startsWith('/'))
  if (!(await exists(disk, debianFolder))) return folders
  for await (const { name } of disk.entries(debianFolder)) folders.unshift(join(debianFolder, name, 'bin'))
  return folders
}
