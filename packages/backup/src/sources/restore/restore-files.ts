import { ExprsnError } from '@exprsn/core'
import { displayPath, exists, joinPath, parentPath, type Disk, type DiskPath } from '@exprsn/core/disk'
import type { PosixCalls, SpecialNode } from '@exprsn/core/drivers/posix'
import { isFreeForFolder } from '../../files/is-free-for-folder.ts'
import { trackProgress } from '../../progress/progress.ts'
import type { RestoreContext, RestoreResult, TreeNode } from '../../repository/index.ts'
import { keyOf } from '../../repository/reader/create-reader.ts'
import { sourcesErrors } from '../errors.ts'
import { ProblemList } from '../files/problem-list.ts'
import { applyMetadata } from './apply-metadata.ts'
import { startPlacingThreads } from './placing-thread.ts'
import { planRestore, type PlannedEntry } from './plan-restore.ts'
import { writeContent } from './write-content.ts'

/** What {@link restoreFiles} works with beside the context. */
export interface RestoreFilesOptions extends RestoreContext {
  readonly disk: Disk
  readonly posix: PosixCalls | undefined
  /** Worker threads that open blobs and write files, at most. @default 0: it is done here */
  readonly threads?: number | undefined
}

/**
 * Brings a snapshot of files back into a folder. Until the end the folder is closed to everybody else: nobody can put a
 * link in the way of what is written. Each file is made anew (`O_EXCL`), so that no link is ever followed.
 */
export async function restoreFiles(options: RestoreFilesOptions): Promise<RestoreResult> {
  const { disk, posix, reader, snapshot, include, logger, signal } = options
  const into = await checkTarget(disk, options.into)
  const plan = await planRestore(reader, snapshot.tree, { into, include, signal })
  await checkSpace(disk, into, plan.bytes)
  const problems = new ProblemList()
  const progress = trackProgress({ ...options, phase: 'restore', total: plan.bytes })
  const before = (await exists(disk, into)) ? (await disk.stat(into)).mode : undefined
  await disk.makeFolder(into, { permissions: 0o700 })
  await disk.setMode(into, 0o700)

  const umask = await probeUmask(disk, into)

  const finish = async ({ path, node }: PlannedEntry): Promise<void> =>
    applyMetadata(path, node, { disk, posix, problems, umask })
  for (const { path } of plan.folders) disk.makeFolderSync(path, { permissions: 0o700 })
  await writeContent(plan.files, {
    ...{ disk, reader, signal, onFile: finish, onBytes: progress.advance },
    startThreads: async (useful) => {
      const key = keyOf(reader)
      return key === undefined ? [] : startPlacingThreads(Math.min(options.threads ?? 0, useful), key, logger)
    },
  })
  for (const entry of plan.others) {
    signal?.throwIfAborted()
    if (await makeOther(entry)) await finish(entry)
  }
  for (const { path, target } of plan.links) await disk.link(target, path)
  // The deepest first: what is made in a folder changes its time, and its mode may forbid it.
  for (const entry of plan.folders.toReversed()) await finish(entry)
  await disk.setMode(into, before ?? 0o755)
  progress.finish()
  return {
    files: plan.files.length + plan.links.length,
    folders: plan.folders.length,
    bytes: plan.bytes,
    problems: problems.first,
  }

  async function makeOther({ path, node }: PlannedEntry): Promise<boolean> {
    if (node.type === 'symlink') {
      await disk.symlink(node.linkTarget ?? '', path)
      return true
    }
    const kind = specialKinds[node.type]
    if (kind === undefined || posix === undefined) {
      problems.add({
        path: displayPath(path),
        kind: 'skipped',
        detail: `${node.type} needs @exprsn/core/drivers/posix`,
      })
      return false
    }
    try {
      posix.makeNode(path, { kind, mode: node.mode & 0o777, device: node.device })
      return true
    } catch (error) {
      if (!ExprsnError.is(error)) throw error
      problems.add({ path: displayPath(path), kind: 'skipped', detail: error.message })
      return false
    }
  }
}

const specialKinds: Readonly<Partial<Record<TreeNode['type'], SpecialNode['kind']>>> = {
  fifo: 'fifo',
  dev: 'block-device',
  chardev: 'character-device',
}

async function checkTarget(disk: Disk, into: unknown): Promise<string> {
  const invalid = (reason: string) => sourcesErrors.BACKUP_FILES_TARGET_INVALID({ into: String(into), reason })
  if (typeof into !== 'string' || into === '') throw invalid('it is no path')
  if (into.includes('\0')) throw invalid('it holds a zero byte')
  if ((await exists(disk, into)) && (await disk.stat(into)).kind !== 'folder') throw invalid('it is no folder')
  if (!(await isFreeForFolder(disk, into))) throw sourcesErrors.BACKUP_FILES_TARGET_NOT_EMPTY({ into })
  return into
}

/** Looks what becomes of all permissions: asking the process would change it for a moment, in every thread. */
async function probeUmask(disk: Disk, into: string): Promise<number> {
  const path = joinPath(into, '.exprsn-restore')
  disk.openSync(path, 'create-new', { permissions: 0o777 }).closeSync()
  const { mode } = await disk.stat(path)
  await disk.removeFile(path)
  return 0o777 & ~mode
}

async function checkSpace(disk: Disk, into: string, needed: number): Promise<void> {
  let existing: DiskPath = into
  while (!(await exists(disk, existing)) && parentPath(existing) !== existing) existing = parentPath(existing)
  const { free } = await disk.space(existing)
  if (needed > free) throw sourcesErrors.BACKUP_FILES_NO_SPACE({ into, needed, free })
}
