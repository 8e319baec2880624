import * as api from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import { loadApi } from './load-api.ts'

describe('loadApi', () => {
  it('finds the package that is installed', async () => {
    expect((await loadApi()).trace).toBe(api.trace)
  })

  it('says what to install when there is none', async () => {
    const cause = new Error('Cannot find package')
    await expect(loadApi(() => Promise.reject(cause))).rejects.toMatchObject({
      code: 'CORE_TRACING_DRIVER_MISSING',
      help: expect.stringContaining('npm i @opentelemetry/api'),
      cause,
    })
  })
})
