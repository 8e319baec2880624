import { afterEach, describe, expect, it, vi } from 'vitest'
import { instantiateWasm } from './instantiate-wasm.ts'

const answer = 'AGFzbQEAAAABBQFgAAF/AwIBAAcKAQZhbnN3ZXIAAAoGAQQAQSoL'

describe('instantiateWasm', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('gives the exports of a module', () => {
    expect(instantiateWasm<{ answer(): number }>(answer)?.answer()).toBe(42)
  })

  it('gives nothing for what the machine does not understand', () => {
    expect(instantiateWasm(Buffer.from('no module').toString('base64'))).toBeUndefined()
    expect(instantiateWasm('')).toBeUndefined()
  })

  it('gives nothing where there is no WebAssembly', () => {
    vi.stubGlobal('WebAssembly', undefined)
    expect(instantiateWasm(answer)).toBeUndefined()
  })
})
