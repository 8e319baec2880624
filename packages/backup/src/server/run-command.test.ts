import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { runCommand } from './run-command.ts'

const options = { cwd: '/', user: undefined }

describe('runCommand', () => {
  it('returns what the program wrote to both streams', async () => {
    const result = await runCommand('/bin/sh', ['-c', 'echo one; echo two >&2'], options)
    expect(result).toMatchObject({ ok: true, reason: '' })
    expect(new Set(result.output.split('\n'))).toEqual(new Set(['', 'one', 'two']))
  })

  it('gives the exit code and the last line as the reason', async () => {
    const result = await runCommand('/bin/sh', ['-c', 'echo first; echo last >&2; exit 3'], options)
    expect(result).toMatchObject({ ok: false, reason: 'exit 3: last' })
  })

  it('gives the signal as the reason', async () => {
    const result = await runCommand('/bin/sh', ['-c', 'kill -TERM $$'], options)
    expect(result).toMatchObject({ ok: false, reason: 'exit SIGTERM' })
  })

  it('takes a program that cannot be run as a result', async () => {
    expect(await runCommand('/nowhere/postgres', [], options)).toMatchObject({ ok: false, reason: 'ENOENT' })
    expect(await runCommand('/etc/passwd', [], options)).toMatchObject({ ok: false, reason: 'EACCES' })
  })

  it("keeps the host's locale and PG variables out", async () => {
    process.env.PGDATABASE = 'elsewhere'
    const { output } = await runCommand('/usr/bin/env', [], options)
    delete process.env.PGDATABASE
    const names = output
      .trim()
      .split('\n')
      .map((line) => line.split('=')[0])
    const passed = names.filter((name) => !['PWD', 'SHLVL', '_'].includes(name!))
    expect(new Set(passed)).toEqual(new Set(['LC_ALL', 'PATH', 'TZ']))
  })

  it('kills the program and its children when it is aborted', async () => {
    const abortion = new AbortController()
    const guarded: number[] = []
    const guard = { guard: (id: number) => void guarded.push(id), unguard: (id: number) => void guarded.push(-id) }
    const started = performance.now()
    const running = runCommand('/bin/sh', ['-c', 'sleep 60 & sleep 60'], { ...options, signal: abortion.signal, guard })
    await delay(50)
    abortion.abort(new Error('enough'))
    await expect(running).rejects.toThrow('enough')
    expect(performance.now() - started).toBeLessThan(5_000)
    expect(guarded).toEqual([guarded[0], -guarded[0]!])
  })

  it('does not start anything for a signal that is aborted already', async () => {
    const signal = AbortSignal.abort(new Error('too late'))
    await expect(runCommand('/bin/sh', ['-c', 'exit 0'], { ...options, signal })).rejects.toThrow('too late')
  })
})
