import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder of files to back up, built from the machine's own. */
export interface Corpus {
  /** A scratch folder; the files lie in `files` below it. */
  readonly folder: string
  readonly files: string
  remove(): void
}

/** Copies trees of the machine until about so many bytes and files are together. */
export function makeCorpus({ quick }: { readonly quick: boolean }): Corpus {
  const folder = mkdtempSync(join(tmpdir(), 'backup-bench-'))
  const files = join(folder, 'files')
  execFileSync('mkdir', [files])
  const wanted = quick
    ? ['/usr/share/perl']
    : ['/usr/include', '/usr/share', '/usr/bin', '/usr/lib/python3', '/usr/lib/postgresql', '/usr/lib/x86_64-linux-gnu']
  for (const path of wanted) execFileSync('sh', ['-c', `cp -a --parents ${path} ${files} 2>/dev/null || true`])
  execFileSync('sync')
  return { folder, files, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** A digest of names, modes, times to the nanosecond, links and content of everything below a folder. */
export function treeHash(folder: string): string {
  const script = `find . -mindepth 1 -printf '%P|%y|%m|%U|%G|%T@|%l|%n\\n' | LC_ALL=C sort; find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum`
  const output = execFileSync('sh', ['-c', script], { cwd: folder, maxBuffer: 2 ** 30 })
  return createHash('sha256').update(output).digest('hex')
}
