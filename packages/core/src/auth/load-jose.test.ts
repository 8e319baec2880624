import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'

describe('jose', () => {
  it('is loaded on first use, and its absence says how to install it', () => {
    const script = `
      import { registerHooks } from 'node:module'
      let asked = 0
      registerHooks({
        resolve(specifier, context, next) {
          if (specifier !== 'jose') return next(specifier, context)
          asked++
          throw Object.assign(new Error('no jose'), { code: 'ERR_MODULE_NOT_FOUND' })
        },
      })
      const { createJwtVerifier } = await import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)})
      const verifier = createJwtVerifier({ issuer: 'i', audience: 'a', secret: new Uint8Array(32) })
      const before = asked
      await verifier.verify('x').catch(({ code, help }) => console.log(JSON.stringify([before, asked, code, help])))
    `
    const args = ['--conditions=@exprsn/source', '--no-warnings', '--input-type=module', '-e', script]
    expect(JSON.parse(execFileSync(process.execPath, args).toString())).toEqual([
      0,
      1,
      'CORE_AUTH_JOSE_MISSING',
      'Run: npm i jose',
    ])
  })
})
