import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ours, type PreparedBenchmark, type Sample } from '../../../../scripts/bench/benchmark.ts'
import { buildOnce } from '../../../../scripts/bench/build-once.ts'
import { makeCorpus, treeHash } from './corpus.ts'
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
 * once beforehand; that of a restore, what came back.
 *
 * Nothing is removed before the end: for half a minute after ten thousands of files were deleted, ext4 makes new ones up to
 * ten times as slowly, and whoever comes next would pay.
 */
export async function prepareFiles(task: FilesTask, quick: boolean): Promise<PreparedBenchmark> {
  await buildOnce('core', 'backup')
  const corpus = makeCorpus({ quick })
  const { files } = corpus
  const repositories = new Map<string, string>()
  const answers = new Map<string, string>()
  const edits = new Map<string, number>()
  let edited = 0
  let made = 0
  const newPath = (kind: string): string => join(corpus.folder, `${kind}-${made++}`)

  /** A repository of the subject's own with a snapshot of the files, which was restored and compared. */
  const prepareSubject = async (subject: string): Promise<string> => {
    const known = repositories.get(subject)
    if (known !== undefined) return known
    const repository = newPath('repository')
    await toolOf(subject).init(repository)
    await toolOf(subject).backUp(repository, files)
    answers.set(subject, await restoredHash(subject, repository))
    repositories.set(subject, repository)
    return repository
  }

  /** What restic, or borg itself, gets out of a repository. */
  const restoredHash = async (subject: string, repository: string): Promise<string> => {
    const into = newPath('answer')
    mkdirSync(into)
    await toolOf(subject === ours ? 'restic' : subject).restore(repository, into)
    const found = treeHash(restoredPath(into, files))
    if (found !== treeHash(files)) throw new Error(`${subject}: the snapshot is not what was backed up`)
    return found
  }

  const full = async (subject: string): Promise<Sample> => {
    await prepareSubject(subject)
    const repository = newPath('repository')
    await toolOf(subject).init(repository)
    const { wall, rss = 0 } = await toolOf(subject).backUp(repository, files)
    const value = task === 'full-size' ? sizeOf(repository) : task === 'full-memory' ? rss / 1_024 : wall
    return { value, hash: answers.get(subject)! }
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
    if (round === 1) answers.set(subject, await restoredHash(subject, repository))
    return { value: wall, hash: answers.get(subject)! }
  }

  const restore = async (subject: string): Promise<Sample> => {
    const repository = await prepareSubject(subject)
    const isMemory = task === 'restore-tmpfs'
    const into = isMemory ? mkdtempSync('/dev/shm/backup-bench-') : newPath('into')
    if (!isMemory) mkdirSync(into)
    try {
      const { wall } = await toolOf(subject).restore(repository, into)
      return { value: wall, hash: treeHash(restoredPath(into, files)) }
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
    execFileSync('cp', ['-a', original, copy])
    execFileSync('sync')
    const { wall } = await toolOf(subject).keepLatest(copy)
    if (!answers.has(subject)) {
      const [command, ...args] = resticCommand(copy, ['check', '--read-data'])
      execFileSync(command!, args)
      answers.set(subject, await restoredHash('restic', copy))
    }
    return { value: wall, hash: answers.get(subject)! }
  }

  const rounds: Readonly<Record<FilesTask, (subject: string) => Promise<Sample>>> = {
    full,
    'full-size': full,
    'full-memory': full,
    'no-change': async (subject) => {
      const repository = await prepareSubject(subject)
      return { value: (await toolOf(subject).backUp(repository, files)).wall, hash: answers.get(subject)! }
    },
    edited: afterEdit,
    restore,
    'restore-tmpfs': restore,
    check,
    prune,
  }
  return { run: rounds[task], close: async () => corpus.remove() }
}

/** Mebibytes of all files, without what the file system adds. */
function sizeOf(folder: string): number {
  const lines = execFileSync('find', [folder, '-type', 'f', '-printf', '%s\n'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  return lines.split('\n').reduce((sum, size) => sum + Number(size), 0) / 1_048_576
}
