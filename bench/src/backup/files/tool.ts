import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ours } from '../../../../scripts/bench/benchmark.ts'
import { measureCommand, measureNode, type ChildCost } from '../../../../scripts/bench/child-process.ts'
import { borgCommand } from './borg.ts'
import { resticCommand } from './restic.ts'

/** A program that makes backups, run as a whole process for each call. */
export interface Tool {
  /** Makes an empty repository. Those of restic's format are all made by us, so that their keys cost the same. */
  init(repository: string): Promise<unknown>
  backUp(repository: string, files: string): Promise<ChildCost & { readonly rss?: number }>
  /** Into a folder that is there and empty; the files come to lie under it with their whole path. */
  restore(repository: string, into: string): Promise<ChildCost>
  /** Reads everything. */
  check(repository: string): Promise<ChildCost>
  /** Keeps the latest snapshot, and no byte that it does not need. */
  keepLatest(repository: string): Promise<ChildCost>
}

const script = fileURLToPath(new URL('ours.mjs', import.meta.url))
/**
 * Compiled code is kept from run to run, as docs/guides/backup-repository.md advises for programs that are started for each backup:
 * restic's binary was compiled beforehand, too.
 */
const env = { NODE_COMPILE_CACHE: join(tmpdir(), 'exprsn-bench-compiled') }
const ourRun = (...args: readonly string[]) => measureNode(script, args, { built: true, env })
const run = ([command, ...args]: readonly string[]) => measureCommand(command!, args)

/** The program that stands behind the name of a subject. */
export function toolOf(subject: string): Tool {
  return subject === ours ? ourTool : subject === 'borg' ? borgTool : resticTool
}

const ourTool: Tool = {
  init: (repository) => ourRun('init', repository),
  backUp: (repository, files) => ourRun('backup', repository, `${repository}.cache`, files),
  restore: (repository, into) => ourRun('restore', repository, into),
  check: (repository) => ourRun('check', repository),
  keepLatest: (repository) => ourRun('keep-latest', repository),
}

const resticTool: Tool = {
  init: ourTool.init,
  backUp: (repository, files) => run(resticCommand(repository, ['backup', files])),
  restore: (repository, into) => run(resticCommand(repository, ['restore', 'latest', '--target', into])),
  check: (repository) => {
    mkdirSync(`${repository}.cache`, { recursive: true })
    return run(resticCommand(repository, ['check', '--read-data']))
  },
  keepLatest: (repository) =>
    run(resticCommand(repository, ['forget', '--keep-last', '1', '--prune', '--max-unused', '0'])),
}

const borgTool: Tool = {
  init: (repository) => run(borgCommand(repository, ['init', '--encryption', 'repokey-blake2', repository])),
  backUp: (repository, files) =>
    run(borgCommand(repository, ['create', '--compression', 'zstd,3', `${repository}::latest`, files])),
  // It restores into the working directory.
  restore: (repository, into) =>
    run(['env', '-C', into, ...borgCommand(repository, ['extract', `${repository}::latest`])]),
  check: (repository) => run(borgCommand(repository, ['check', '--verify-data', repository])),
  keepLatest: (repository) => run(borgCommand(repository, ['prune', '--keep-last', '1', repository])),
}

/** Where files of `files` lie below the folder that they were restored into. */
export function restoredPath(into: string, files: string): string {
  return join(into, files)
}
