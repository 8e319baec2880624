import { walk, type Disk } from '@exprsn/core/disk'

/** Who files belong to, by the numbers of the system. */
export interface FileOwner {
  readonly userId: number
  readonly groupId: number
}

/** Gives a folder and everything below it to a user; only root may. */
export async function ownTree(disk: Disk, folder: string, { userId, groupId }: FileOwner): Promise<void> {
  await disk.setOwner(folder, userId, groupId)
  for await (const { path } of walk(disk, folder)) await disk.setOwner(path, userId, groupId)
}
