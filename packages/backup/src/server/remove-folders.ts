import { basename, dirname } from 'node:path'
import { removeTree, type Disk } from '@exprsn/core/disk'
import { isServerFolderName } from './server-folder.ts'

/** Removes folders with all they hold: also the folder around a data folder that an earlier server was asked to keep. */
export async function removeFolders(disk: Disk, folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    const around = dirname(folder)
    await removeTree(disk, isServerFolderName(basename(around)) ? around : folder)
  }
}
