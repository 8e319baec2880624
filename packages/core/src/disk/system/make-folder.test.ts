import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { systemDisk } from '../system-disk.ts'

it.runIf(existsSync('/proc/self'))('gives up where no name can be made, instead of trying for ever', async () => {
  const failure = expect.objectContaining({ code: 'CORE_DISK_NOT_FOUND' })
  await expect(systemDisk.makeFolder('/proc/nothing/here')).rejects.toEqual(failure)
  expect(() => systemDisk.makeFolderSync('/proc/nothing/here')).toThrow(failure)
})
