import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ours, type PreparedBenchmark } from '../../../../scripts/bench/benchmark.ts'
import { buildOnce } from '../../../../scripts/bench/build-once.ts'
import { measureCommand, measureNode } from '../../../../scripts/bench/child-process.ts'
import { makeCorpus, treeHash } from './corpus.ts'
import { resticCommand } from './restic.ts'

const script = fileURLToPath(new URL('ours.ts', import.meta.url))

/** What both sides are asked to do; whole processes are timed, ours with the start of Node. */
export type FilesTask = 'full' | 'no-change' | 'restore'

/**
 * Both sides on the same files, each into a repository of the same make: keys cost the same, by our default. The answer of a
 * backup is what restic restores from it, compared once beforehand.
 *
 * Nothing is removed before the end: for half a minute after ten thousands of files were deleted, ext4 makes new ones up to
 * ten times as slowly, and whoever comes next would pay.
 */
export async function prepareFiles(task: FilesTask, quick: boolean): Promise<PreparedBenchmark> {
  await buildOnce('core', 'backup')
  const corpus = makeCorpus({ quick })
  const expected = treeHash(corpus.files)
  let round = 0

  const ourRun = (...args: readonly string[]) => measureNode(script, args, { built: true })
  const newRepository = async (): Promise<string> => {
    const path = join(corpus.folder, `repository-${round++}`)
    await ourRun('init', path)
    return path
  }
  const backUp = (subject: string, repository: string) =>
    subject === ours
      ? ourRun('backup', repository, `${repository}.cache`, corpus.files)
      : run(resticCommand(repository, ['backup', corpus.files]))
  const restore = (subject: string, repository: string, into: string) =>
    subject === ours
      ? ourRun('restore', repository, into, 'latest')
      : run(resticCommand(repository, ['restore', 'latest', '--target', into]))
  const run = ([command, ...args]: readonly string[]) => measureCommand(command!, args)

  const repositories = new Map<string, string>()
  const answers = new Map<string, string>()
  const prepareSubject = async (subject: string): Promise<string> => {
    const known = repositories.get(subject)
    if (known !== undefined) return known
    const repository = await newRepository()
    await backUp(subject, repository)
    const into = join(corpus.folder, `answer-${round++}`)
    await restore('restic', repository, into)
    answers.set(subject, treeHash(join(into, corpus.files)))
    if (answers.get(subject) !== expected) throw new Error(`${subject}: the snapshot is not what was backed up`)
    repositories.set(subject, repository)
    return repository
  }

  return {
    async run(subject) {
      const prepared = await prepareSubject(subject)
      const hash = answers.get(subject)!
      if (task === 'no-change') return { value: (await backUp(subject, prepared)).wall, hash }
      if (task === 'restore') {
        const into = join(corpus.folder, `into-${round++}`)
        const { wall } = await restore(subject, prepared, into)
        const restored = treeHash(join(into, corpus.files))
        return { value: wall, hash: restored }
      }
      const repository = await newRepository()
      const { wall } = await backUp(subject, repository)
      return { value: wall, hash }
    },
    close: async () => corpus.remove(),
  }
}
