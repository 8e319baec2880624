import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../lib/packages.ts'
import { capture } from '../lib/run.ts'

const generated = /(^|\/)(pnpm-lock\.yaml|package-lock\.json)$|^bench\/results\//
const largest = 1_000_000

/** The text files of the repository, new ones included and ignored ones left out: path below the root → text. */
export async function trackedTextFiles(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>()
  for (const file of await trackedPaths()) {
    const path = join(root, file)
    if (generated.test(file) || !existsSync(path) || !statSync(path).isFile() || statSync(path).size > largest) continue
    const text = readFileSync(path, 'utf8')
    if (!text.includes('\0')) files.set(file, text)
  }
  return files
}

/** The same with the lockfile, which says what the tools and the packages beside them are. */
export function withLockfile(files: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const lockfile = 'pnpm-lock.yaml'
  return new Map([...files, [lockfile, readFileSync(join(root, lockfile), 'utf8')]])
}

/** Without git (a downloaded archive) every file counts that is not installed or built. */
async function trackedPaths(): Promise<readonly string[]> {
  const git = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate']
  const listed = await capture('git', git).catch(() => undefined)
  if (listed?.code === 0) return listed.stdout.split('\0').filter((file) => file !== '')
  const skipped = /(^|\/)(node_modules|dist|coverage|\.git|\.tools|\.snippets|\.artifacts)$|^docs\/reference$/
  return globSync('**/*', { cwd: root, exclude: (name) => skipped.test(name) })
}
