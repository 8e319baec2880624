import { describe, expect, it } from 'vitest'
import { serverArguments } from './command-line.ts'

const place = { dataFolder: '/d', folder: '/s', port: 5432, settings: {} }

function settingsOf(programArguments: readonly string[]): Record<string, string> {
  const values = programArguments.filter((_, index) => programArguments[index - 1] === '-c')
  return Object.fromEntries(
    values.map((value) => [value.slice(0, value.indexOf('=')), value.slice(value.indexOf('=') + 1)]),
  )
}

describe('serverArguments', () => {
  it('names folder and port', () => {
    expect(serverArguments({ ...place, listen: 'socket' }).slice(0, 4)).toEqual(['-D', '/d', '-p', '5432'])
  })

  it('opens no TCP port for a socket server', () => {
    expect(settingsOf(serverArguments({ ...place, listen: 'socket' }))).toMatchObject({
      listen_addresses: '',
      unix_socket_directories: '/s',
    })
    expect(settingsOf(serverArguments({ ...place, listen: 'tcp' }))).toMatchObject({ listen_addresses: '127.0.0.1' })
  })

  it('passes settings on, with all that stands in them', () => {
    const settings = { recovery_target_time: '2026-11-20 10:41:07.25+00', restore_command: "sh -c 'a=b; exit 1'" }
    expect(settingsOf(serverArguments({ ...place, listen: 'socket', settings }))).toMatchObject(settings)
  })

  it('does not let a setting hide the log that tells that the server is ready', () => {
    const settings = { logging_collector: 'on', log_min_messages: 'panic', lc_messages: 'de_DE', listen_addresses: '*' }
    expect(settingsOf(serverArguments({ ...place, listen: 'socket', settings }))).toMatchObject({
      logging_collector: 'off',
      log_min_messages: 'warning',
      lc_messages: 'C',
      listen_addresses: '',
    })
  })
})
