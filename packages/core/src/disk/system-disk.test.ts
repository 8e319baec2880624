import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { diskConformance } from '../testing/disk-conformance.ts'
import { makeTemporaryFolder } from './make-temporary-folder.ts'
import { removeTree } from './remove-tree.ts'
import { systemDisk } from './system-disk.ts'

let folder: string
beforeEach(async () => {
  folder = await makeTemporaryFolder(systemDisk)
})
afterEach(() => removeTree(systemDisk, folder))

describe('systemDisk', () => {
  it.each(diskConformance)('conforms: $name', async ({ run }) => {
    await expect(run({ disk: systemDisk, folder })).resolves.toBeUndefined()
  })
})
