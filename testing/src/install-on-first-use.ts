import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const checkout = join(import.meta.dirname, '..', '..')

/**
 * Installs what the lockfile of a folder beside the workspace says, once; two workers that come at the same time wait for each
 * other. For what is too large to come with every checkout.
 */
export async function installOnFirstUse(folder: string): Promise<void> {
  const stamp = join(folder, 'node_modules', '.exprsn-install')
  const lock = await readFile(join(folder, 'pnpm-lock.yaml'), 'utf8')
  const isDone = async (): Promise<boolean> => existsSync(stamp) && (await readFile(stamp, 'utf8')) === lock
  if (await isDone()) return
  const release = await takeLock(join(folder, '.installing'))
  try {
    if (await isDone()) return
    await run(pnpmOf(await readFile(join(checkout, 'package.json'), 'utf8')), ['install', '--frozen-lockfile'], {
      cwd: folder,
      timeout: 240_000,
    })
    await writeFile(stamp, lock)
  } finally {
    await release()
  }
}

/**
 * {@link installOnFirstUse}, or why it cannot be, to skip tests with. With CI=true nothing may be skipped: then the reason fails
 * the test.
 */
export async function missingAfterInstall(name: string, folder: string): Promise<string | undefined> {
  try {
    await installOnFirstUse(folder)
    return undefined
  } catch (error) {
    if (process.env.CI === 'true') throw error
    return `${name} could not be installed: ${String(error).slice(0, 300)}`
  }
}

/** The pinned pnpm where the set-up has brought it, else the one of the machine. */
function pnpmOf(manifest: string): string {
  const version = /"pnpm": "([\d.]+)"/.exec(manifest)?.[1]
  const pinned = join(checkout, '.tools', `pnpm-${version}`, 'node_modules', '.bin', 'pnpm')
  return existsSync(pinned) ? pinned : 'pnpm'
}

/** A folder exists once; one that is left behind by a process that was killed is taken over after five minutes. */
async function takeLock(path: string): Promise<() => Promise<void>> {
  for (;;) {
    try {
      await mkdir(path)
      return () => rm(path, { recursive: true, force: true })
    } catch {
      const age = await stat(path).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        () => 0,
      )
      if (age > 300_000) await rm(path, { recursive: true, force: true })
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
}
