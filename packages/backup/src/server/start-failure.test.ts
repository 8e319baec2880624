import { describe, expect, it } from 'vitest'
import { isPortTaken, startFailure } from './start-failure.ts'

const known = { port: 6543, dataFolder: '/data', user: 'nobody' }

describe('startFailure', () => {
  it.each([
    [
      'BACKUP_SERVER_PORT_TAKEN',
      'LOG:  could not bind IPv4 address "127.0.0.1": Address already in use',
      'Port 6543 on 127.0.0.1 is taken by another program.',
    ],
    [
      'BACKUP_SERVER_DATA_FOLDER_IN_USE',
      'FATAL:  lock file "postmaster.pid" already exists',
      'Another PostgreSQL server is running on the data folder /data.',
    ],
    [
      'BACKUP_SERVER_DATA_FOLDER_UNREACHABLE',
      'postgres: could not access directory "/data": Permission denied',
      "The server's user nobody cannot reach the data folder /data.",
    ],
    [
      'BACKUP_SERVER_START_FAILED',
      '2026-11-21 02:40:22 UTC [7] FATAL:  recovery ended before configured recovery target was reached',
      'PostgreSQL did not start: recovery ended before configured recovery target was reached.',
    ],
  ])('is %s', (code, line, message) => {
    const error = startFailure({ ...known, log: ['LOG:  starting', line, 'LOG:  database system is shut down'] })
    expect(error).toMatchObject({ code, message })
    expect(error.details.log).toContain(line)
  })

  it('names the first cause, not what came of it', () => {
    const log = ['FATAL:  the cause', 'FATAL:  the consequence', 'LOG:  aborting startup']
    expect(startFailure({ ...known, log }).message).toContain('the cause')
  })

  it('has the last line for want of a fatal one, and says so when there is none', () => {
    expect(startFailure({ ...known, log: ['a', 'unrecognized parameter'] }).message).toContain('unrecognized parameter')
    expect(startFailure({ ...known, log: [] }).message).toContain('without a word')
  })

  it('keeps the last 30 lines', () => {
    const log = Array.from({ length: 100 }, (_, index) => `line ${index}`)
    expect(startFailure({ ...known, log }).details.log).toEqual(log.slice(70))
  })
})

describe('isPortTaken', () => {
  it('is not every failed bind', () => {
    expect(isPortTaken(['could not bind IPv4 address "127.0.0.1": Address already in use'])).toBe(true)
    expect(isPortTaken(['could not bind IPv4 address "10.0.0.1": Cannot assign requested address'])).toBe(false)
  })
})
