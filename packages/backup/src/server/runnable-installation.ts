import { dirname, join } from 'node:path'
import { ExprsnError } from '@exprsn/core'
import { copyFile, type Disk } from '@exprsn/core/disk'
import { serverErrors } from './errors.ts'
import { orUndefined, readText, statIfThere } from './files.ts'
import type { PostgresInstallation } from './installation.ts'
import { runCommand } from './run-command.ts'
import { serversParent } from './server-folder.ts'
import type { ServerUser } from './server-user.ts'

/** What is needed to see whether programs run, and to copy them. */
export interface RunnableOptions {
  readonly disk: Disk
  readonly user: ServerUser | undefined
  /** The server's own folder: the working folder of the trial, and where a copy is drafted. */
  readonly folder: string
  /** Where copies are shared. @default the temporary folder */
  readonly binariesFolder?: string | undefined
  readonly signal: AbortSignal | undefined
}

/**
 * A bin folder whose programs the server's user can run. That is the installation's own folder, or for npm binaries
 * that lack their links or lie below a private folder, a copy in the temporary folder that later servers share.
 *
 * @throws `BACKUP_SERVER_BINARIES_UNREACHABLE`
 */
export async function runnableBinFolder(installation: PostgresInstallation, options: RunnableOptions): Promise<string> {
  const { binFolder, origin } = installation
  const inPlace = await tryToRun(binFolder, options)
  if (inPlace.ok) return binFolder
  if (origin !== 'npm') throw unreachable(binFolder, inPlace.reason, options)
  const copy = join(await copyOfNpmBinaries(dirname(dirname(binFolder)), options), 'native', 'bin')
  const copied = await tryToRun(copy, options)
  if (!copied.ok) throw unreachable(copy, copied.reason, options)
  return copy
}

async function tryToRun(binFolder: string, { folder, user, signal }: RunnableOptions) {
  return runCommand(join(binFolder, 'postgres'), ['--version'], { cwd: folder, user, signal })
}

function unreachable(binFolder: string, reason: string, { user }: RunnableOptions): ExprsnError {
  const name = user?.name ?? 'this user'
  return serverErrors.BACKUP_SERVER_BINARIES_UNREACHABLE({ program: join(binFolder, 'postgres'), user: name, reason })
}

/**
 * The shared copy, made when missing. It is drafted in the server's own folder, which is cleaned up whatever happens,
 * and appears under its final name complete or not at all. A folder of that name made by another user is not trusted.
 */
async function copyOfNpmBinaries(packageFolder: string, options: RunnableOptions): Promise<string> {
  const { disk, folder, binariesFolder = serversParent() } = options
  const self = process.getuid?.() ?? 0
  const { name, version } = JSON.parse(await readText(disk, join(packageFolder, 'package.json')))
  const shared = join(binariesFolder, `exprsn-binaries-${self}-${name.replace('@', '').replace('/', '-')}-${version}`)
  const draft = join(folder, 'binaries')
  if (await isOwn(disk, shared, self)) return shared
  await copyTree(disk, join(packageFolder, 'native'), join(draft, 'native'))
  await makeLibraryLinks(disk, draft)
  await disk.setMode(draft, 0o755)
  try {
    await disk.rename(draft, shared)
  } catch (error) {
    if (!ExprsnError.is(error)) throw error
    return (await isOwn(disk, shared, self)) ? shared : draft
  }
  return shared
}

async function isOwn(disk: Disk, folder: string, self: number): Promise<boolean> {
  const facts = await statIfThere(disk, folder)
  return facts?.kind === 'folder' && facts.userId === self && (facts.mode & 0o022) === 0
}

async function copyTree(disk: Disk, from: string, to: string): Promise<void> {
  await disk.makeFolder(to)
  await disk.setMode(to, 0o755)
  for await (const { name, kind } of disk.entries(from)) {
    const [source, target] = [join(from, name), join(to, name)]
    if (kind === 'folder') await copyTree(disk, source, target)
    else if (kind === 'symlink') await disk.symlink(await disk.readLink(source), target)
    else await copyProgram(disk, source, target)
  }
}

/** Readable for every user whatever the umask is: the one who runs it is not the one who copies it. */
async function copyProgram(disk: Disk, from: string, to: string): Promise<void> {
  await copyFile(disk, from, to)
  const { mode } = await disk.stat(from)
  await disk.setMode(to, (mode & 0o111) === 0 ? 0o644 : 0o755)
}

/** The package lists its links, which npm cannot carry, in a file: paths relative to the package's folder. */
async function makeLibraryLinks(disk: Disk, packageFolder: string): Promise<void> {
  const list = await orUndefined(readText(disk, join(packageFolder, 'native', 'pg-symlinks.json')))
  const links = JSON.parse(list ?? '[]') as { source: string; target: string }[]
  for (const { source, target } of links) {
    const path = join(packageFolder, target)
    if ((await statIfThere(disk, path)) === undefined)
      await disk.symlink(source.slice(source.lastIndexOf('/') + 1), path)
  }
}
