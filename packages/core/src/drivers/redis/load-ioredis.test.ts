import { describe, expect, it } from 'vitest'
import { loadIoredis } from './load-ioredis.ts'

describe('loadIoredis', () => {
  it('gives the class', async () => {
    expect(await loadIoredis()).toBeTypeOf('function')
  })

  it('takes an ioredis that has a default export alone', async () => {
    const plain = class {}
    expect(await loadIoredis(async () => ({ default: plain }))).toBe(plain)
  })

  it('says what to install when it is missing', async () => {
    const missing = async (): Promise<never> => {
      throw Object.assign(new Error("Cannot find package 'ioredis'"), { code: 'ERR_MODULE_NOT_FOUND' })
    }
    await expect(loadIoredis(missing)).rejects.toMatchObject({
      code: 'CORE_REDIS_DRIVER_MISSING',
      help: expect.stringContaining('npm i ioredis'),
    })
  })
})
