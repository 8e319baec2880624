import { describe, expect, it } from 'vitest'
import { loadPg } from './load-pg.ts'

describe('loadPg', () => {
  it('gives pg', async () => {
    expect((await loadPg()).Pool).toBeTypeOf('function')
  })

  it('takes a pg that has no default export', async () => {
    const plain = { Pool: class {} }
    expect(await loadPg(async () => plain)).toBe(plain)
  })

  it('says what to install when it is missing', async () => {
    const missing = async (): Promise<never> => {
      throw Object.assign(new Error("Cannot find package 'pg'"), { code: 'ERR_MODULE_NOT_FOUND' })
    }
    await expect(loadPg(missing)).rejects.toMatchObject({
      code: 'CORE_DATABASE_DRIVER_MISSING',
      help: expect.stringContaining('npm i pg'),
    })
  })
})
