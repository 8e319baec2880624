import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder of files to back up, built from the machine's own. */
export interface Corpus {
  readonly files: string
  /** {@link treeHash} of it. */
  readonly hash: string
}

/** Trees of the machine, those with much content first, then those with many files. */
const trees = [
  ...[
    '/usr/lib/x86_64-linux-gnu',
    '/usr/bin',
    '/usr/include',
    '/usr/lib/python3',
    '/usr/share/doc',
    '/usr/share/locale',
  ],
  ...['/usr/lib/postgresql', '/usr/share/postgresql', '/usr/share/icons', '/usr/share', '/usr/lib'],
]
const wantedFiles = 30_000
const wantedBytes = 1_500_000_000

/**
 * The corpus, made when it is not there yet or was changed: it stays in the system's temporary folder for the rows that come after,
 * since making it takes half a minute, and removing it makes whoever comes next slower. Rows that edit files take a {@link copyTree}.
 */
export function keptCorpus({ quick }: { readonly quick: boolean }): Corpus {
  const folder = join(tmpdir(), `exprsn-bench-corpus-${quick ? 'quick' : 'full'}`)
  const files = join(folder, 'files')
  const stamp = join(folder, 'stamp.json')
  if (existsSync(stamp)) {
    const { listing, hash } = JSON.parse(readFileSync(stamp, 'utf8')) as { listing: string; hash: string }
    if (listing === listingHash(files)) return { files, hash }
  }
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(files, { recursive: true })
  for (const path of quick ? ['/usr/share/perl'] : trees) {
    execFileSync('sh', ['-c', `cp -a --parents ${path} ${files} 2>/dev/null || true`])
    if (!quick && isLargeEnough(files)) break
  }
  execFileSync('sync')
  const hash = treeHash(files)
  writeFileSync(stamp, JSON.stringify({ listing: listingHash(files), hash }))
  return { files, hash }
}

/** A copy with all that the file system keeps of files. */
export function copyTree(from: string, to: string): void {
  execFileSync('cp', ['-a', from, to])
  execFileSync('sync')
}

/** A digest of names, modes, times to the nanosecond, links and content of everything below a folder. */
export function treeHash(folder: string): string {
  return digestOf(folder, `${listing}; find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum`)
}

/** {@link treeHash} without the content. */
export function listingHash(folder: string): string {
  return digestOf(folder, listing)
}

const listing = `find . -mindepth 1 -printf '%P|%y|%m|%U|%G|%T@|%l|%n|%s\\n' | sed 's/^\\([^|]*|d|.*|\\)[0-9]*$/\\1/' | LC_ALL=C sort`

function digestOf(cwd: string, script: string): string {
  const output = execFileSync('sh', ['-c', script], { cwd, maxBuffer: 2 ** 30 })
  return createHash('sha256').update(output).digest('hex')
}

function isLargeEnough(folder: string): boolean {
  const sizes = execFileSync('find', [folder, '-type', 'f', '-printf', '%s\n'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  const all = sizes.trim().split('\n').map(Number)
  return all.length >= wantedFiles && all.reduce((sum, size) => sum + size, 0) >= wantedBytes
}
