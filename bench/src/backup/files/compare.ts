import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ours, type PreparedBenchmark, type Sample } from '../../../../scripts/bench/benchmark.ts'
import { buildOnce } from '../../../../scripts/bench/build-once.ts'
import { copyTree, keptCorpus, listingHash, treeHash } from './corpus.ts'
import { editCorpus, thinOut } from './edit-corpus.ts'
import { resticCommand } from './restic.ts'
import { restoredPath, toolOf } from './tool.ts'

/** What all sides are asked to do; whole processes are timed, ours with the start of Node. */
export type FilesTask =
  | 'full'
  | 'full-size'
  | 'full-memory'
  | 'no-change'
  | 'edited'
  | 'restore'
  | 'restore-tmpfs'
  | 'check'
  | 'prune'

/**
 * All sides on the same files. The answer of a backup is what is restored from it – from our repositories by restic –, compared
 * once; that of a restore, what came back: all of it in the first round of each side, names, sizes and metadata in the others.
 *
 * Nothing is removed from the disk before the end: for half a minute after ten thousands of files were deleted, ext4 makes new ones
 * up to ten times as slowly, and whoever comes next would pay.
 */
export async function prepareFiles(task: FilesTask, quick: boolean): Promise<PreparedBenchmark> {
  await buildOnce('core', 'backup')
  const corpus = keptCorpus({ quick })
  const folder = mkdtempSync(join(tmpdir(), 'backup-bench-'))
  const repositories = new Map<string, string>()
  const answers = new Map<string, string>()
  const edits = new Map<string, number>()
  let { files } = corpus
  let edited = 0
  let made = 0
  const newPath = (kind: string): string => join(folder, `${kind}-${made++}`)
  if (task === 'edited' || task === 'prune') {
    files = newPath('files')
    copyTree(corpus.files, files)
  }

  /** A repository of the subject's own with a snapshot of the files. */
  const prepareSubject = async (subject: string): Promise<string> => {
    const known = repositories.get(subject)
    if (known !== undefined) return known
    const repository = newPath('repository')
    await toolOf(subject).init(repository)
    await toolOf(subject).backUp(repository, files)
    repositories.set(subject, repository)
    return repository
  }

  /** What restic, or borg itself, gets out of a repository; in memory where there is any, which is quickest. */
  const answerOf = async (subject: string, repository: string, expected?: string): Promise<string> => {
    const known = answers.get(subject)
    if (known !== undefined) return known
    const into = mkdtempSync(join(existsSync(memory) ? memory : folder, 'backup-bench-'))
    try {
      await toolOf(subject === ours ? 'restic' : subject).restore(repository, into)
      const found = treeHash(restoredPath(into, files))
      if (found !== (expected ?? treeHash(files))) throw new Error(`${subject}: the snapshot is not what was backed up`)
      answers.set(subject, found)
      return found
    } finally {
      rmSync(into, { recursive: true })
    }
  }

  const full = async (subject: string): Promise<Sample> => {
    const repository = newPath('repository')
    await toolOf(subject).init(repository)
    const { wall, rss = 0 } = await toolOf(subject).backUp(repository, files)
    const value = task === 'full-size' ? sizeOf(repository) : task === 'full-memory' ? rss / 1_024 : wall
    return { value, hash: await answerOf(subject, repository, corpus.hash) }
  }

  const noChange = async (subject: string): Promise<Sample> => {
    const repository = await prepareSubject(subject)
    const { wall } = await toolOf(subject).backUp(repository, files)
    return { value: wall, hash: await answerOf(subject, repository, corpus.hash) }
  }

  /** Each round begins with another edit, of which every subject makes a backup. */
  const afterEdit = async (subject: string): Promise<Sample> => {
    // Both have the files as they were before anything is edited.
    for (const each of [ours, 'restic']) await prepareSubject(each)
    const repository = repositories.get(subject)!
    const round = (edits.get(subject) ?? 0) + 1
    edits.set(subject, round)
    if (round > edited) editCorpus(files, ++edited)
    const { wall } = await toolOf(subject).backUp(repository, files)
    return { value: wall, hash: await answerOf(subject, repository) }
  }

  const restore = async (subject: string): Promise<Sample> => {
    const repository = await prepareSubject(subject)
    const isMemory = task === 'restore-tmpfs'
    const into = isMemory ? mkdtempSync(join(memory, 'backup-bench-')) : newPath('into')
    if (!isMemory) mkdirSync(into)
    try {
      const { wall } = await toolOf(subject).restore(repository, into)
      const restored = restoredPath(into, files)
      if (!answers.has(subject)) answers.set(subject, treeHash(restored))
      return { value: wall, hash: `${answers.get(subject)!} ${listingHash(restored)}` }
    } finally {
      if (isMemory) rmSync(into, { recursive: true })
    }
  }

  const check = async (subject: string): Promise<Sample> => {
    const repository = await prepareSubject(subject)
    return { value: (await toolOf(subject).check(repository)).wall, hash: 'nothing found' }
  }

  /** All sides prune copies of one repository: two snapshots, of which the second lacks every third file. */
  const prune = async (subject: string): Promise<Sample> => {
    let original = repositories.get('original')
    if (original === undefined) {
      original = newPath('repository')
      repositories.set('original', original)
      await toolOf(ours).init(original)
      await toolOf(ours).backUp(original, files)
      thinOut(files)
      await toolOf(ours).backUp(original, files)
    }
    const copy = newPath('repository')
    copyTree(original, copy)
    const { wall } = await toolOf(subject).keepLatest(copy)
    if (!answers.has(subject)) {
      const [command, ...args] = resticCommand(copy, ['check', '--read-data'])
      execFileSync(command!, args)
    }
    return { value: wall, hash: await answerOf(subject, copy) }
  }

  const rounds: Readonly<Record<FilesTask, (subject: string) => Promise<Sample>>> = {
    ...{ full, 'full-size': full, 'full-memory': full, 'no-change': noChange, edited: afterEdit },
    ...{ restore, 'restore-tmpfs': restore, check, prune },
  }
  return { run: rounds[task], close: async () => rmSync(folder, { recursive: true, force: true }) }
}

/** A folder in memory. */
const memory = '/dev/shm'

/** Mebibytes of all files, without what the file system adds. */
function sizeOf(folder: string): number {
  const lines = execFileSync('find', [folder, '-type', 'f', '-printf', '%s\n'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  return lines.split('\n').reduce((sum, size) => sum + Number(size), 0) / 1_048_576
}
