import { displayPath, isDiskError, type Disk, type DiskPath } from '@exprsn/core/disk'
import type { PosixCalls } from '@exprsn/core/drivers/posix'
import type { TreeNode } from '../../repository/index.ts'
import type { ProblemList } from '../files/problem-list.ts'

/** What {@link applyMetadata} works with. */
export interface ApplyMetadataOptions {
  readonly disk: Disk
  readonly posix: PosixCalls | undefined
  readonly problems: ProblemList
  /** Bits that the system takes from the permissions of new files. */
  readonly umask: number
}

/**
 * Gives an entry its owner, mode, extended attributes and times, in this order: a new owner clears setuid and capabilities,
 * and everything changes times. What the user may not set is reported.
 */
export async function applyMetadata(
  path: DiskPath,
  node: TreeNode,
  { disk, posix, problems, umask }: ApplyMetadataOptions,
): Promise<void> {
  const { userId, groupId, mode, extendedAttributes = [], accessedAt, modifiedAt } = node
  const attempt = async (what: string, perform: () => Promise<void> | void): Promise<void> => {
    try {
      await perform()
    } catch (error) {
      if (!isDiskError(error)) throw error
      problems.add({ path: displayPath(path), kind: 'skipped', detail: `${what}: ${error.message}` })
    }
  }

  const own = process.getuid?.() === userId && process.getgid?.() === groupId
  if (!own) await attempt('owner', () => disk.setOwner(path, userId, groupId))
  const isMade = own && node.type === 'file' && (creationMode(node) & ~umask) === mode
  if (node.type !== 'symlink' && !isMade) await attempt('mode', () => disk.setMode(path, mode))
  for (const attribute of extendedAttributes)
    await attempt(attribute.name, () => {
      if (posix === undefined) problems.add({ path: displayPath(path), kind: 'skipped', detail: attribute.name })
      else posix.setExtendedAttribute(path, attribute)
    })
  const times = { accessedAt, modifiedAt }
  await attempt('times', () => (posix === undefined ? disk.setTimes(path, times) : posix.setTimes(path, times)))
}

/** The permissions that a file is made with: its own, and what it takes to write it. Most files then need no other call. */
export function creationMode({ mode }: TreeNode): number {
  return (mode & 0o777) | 0o600
}
