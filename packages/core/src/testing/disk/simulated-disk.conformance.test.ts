import { describe, expect, it } from 'vitest'
import { diskConformance } from '../disk-conformance.ts'
import { createSimulatedDisk } from './simulated-disk.ts'

describe('simulated disk', () => {
  it.each(diskConformance)('conforms: $name', async ({ run }) => {
    const disk = createSimulatedDisk()
    await disk.makeFolder('/case')
    await expect(run({ disk, folder: '/case' })).resolves.toBeUndefined()
  })

  it.each(diskConformance)('conforms after a restart: $name', async ({ run }) => {
    const disk = createSimulatedDisk()
    await disk.makeFolder('/case')
    await disk.fsyncFolder('/')
    await expect(run({ disk: disk.crash(), folder: '/case' })).resolves.toBeUndefined()
  })
})
