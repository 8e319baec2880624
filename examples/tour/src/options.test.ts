import { describe, expect, it } from 'vitest'
import { parseTourOptions } from './options.ts'

const steps = ['postgres-pitr', 'files']

describe('tour options', () => {
  it('stays up on a free port when nothing is asked for', () => {
    expect(parseTourOptions([], steps)).toMatchObject({ once: false, only: undefined, port: 0 })
  })

  it('takes one step, a port, a folder and a server', () => {
    const args = ['--once', '--only', 'files', '--port', '8080', '--folder', '/srv', '--postgres', 'postgres://h/d']
    expect(parseTourOptions(args, steps)).toMatchObject({
      once: true,
      only: 'files',
      port: 8080,
      folder: '/srv',
      postgresUrl: 'postgres://h/d',
      realPds: false,
    })
  })

  it.each([
    [['--wat'], /Unknown option '--wat'/],
    [['--only', 'nothing'], /no step "nothing".*postgres-pitr, files/],
    [['--port', '70000'], /0 to 65535, not "70000"/],
    [['--port', 'x'], /0 to 65535/],
    [['--postgres', 'localhost'], /--postgres takes a URL/],
    [['extra'], /Unexpected argument 'extra'/],
  ])('refuses %j and says why', (args, message) => {
    expect(() => parseTourOptions(args, steps)).toThrow(message)
  })
})
