import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { sharedData } from './shared-data.ts'
import { temporaryFolder } from './temporary-folder.ts'

const before = process.env.EXPRSN_SHARED
afterEach(() => {
  if (before === undefined) delete process.env.EXPRSN_SHARED
  else process.env.EXPRSN_SHARED = before
})

describe('sharedData', () => {
  it('prefers the folder that the environment names', async () => {
    await using folder = await temporaryFolder()
    await writeFile(join(folder.path, 'cities.csv'), '')
    process.env.EXPRSN_SHARED = folder.path
    expect(sharedData('cities.csv')).toBe(join(folder.path, 'cities.csv'))
    expect(sharedData('other.csv')).toBeUndefined()
  })

  it('is undefined, not an error, where there is no such folder', () => {
    process.env.EXPRSN_SHARED = '/nowhere'
    expect(sharedData('cities.csv')).toBeUndefined()
  })

  it('looks beside the checkout otherwise', () => {
    delete process.env.EXPRSN_SHARED
    const found = sharedData('')
    expect([undefined, join(import.meta.dirname, '../../../shared/data')]).toContain(found)
  })
})
