import { describe, expect, it } from 'vitest'
import { ExprsnError } from '../errors/exprsn-error.ts'
import { diskError, diskErrorOf, isDiskError } from './disk-error.ts'
import { diskErrors } from './errors.ts'

const reasons = {
  ENOENT: 'CORE_DISK_NOT_FOUND',
  EEXIST: 'CORE_DISK_EXISTS',
  ENOSPC: 'CORE_DISK_FULL',
  EDQUOT: 'CORE_DISK_FULL',
  EACCES: 'CORE_DISK_DENIED',
  EPERM: 'CORE_DISK_DENIED',
  ENOTEMPTY: 'CORE_DISK_NOT_EMPTY',
  ENOTDIR: 'CORE_DISK_NOT_A_FOLDER',
  EISDIR: 'CORE_DISK_IS_A_FOLDER',
  EMFILE: 'CORE_DISK_TOO_MANY_OPEN',
  ENFILE: 'CORE_DISK_TOO_MANY_OPEN',
  EROFS: 'CORE_DISK_READ_ONLY',
  EXDEV: 'CORE_DISK_CROSS_DEVICE',
  ENAMETOOLONG: 'CORE_DISK_NAME_TOO_LONG',
  ELOOP: 'CORE_DISK_LOOP',
  EBADF: 'CORE_DISK_CLOSED',
  EIO: 'CORE_DISK_FAILED',
  constructor: 'CORE_DISK_FAILED',
}

describe('diskError', () => {
  it.each(Object.entries(reasons))('calls %s %s', (errno, code) => {
    const cause = Object.assign(new Error('from the system'), { code: errno })
    const error = diskError(cause, 'rename', '/data/file')
    expect(error).toMatchObject({ code, details: { path: '/data/file', operation: 'rename', errno }, cause })
    expect(error.message).toContain('/data/file')
    expect(error.message).toContain('rename')
  })

  it('is to be tried again only where waiting helps', () => {
    const retryable = Object.keys(reasons).filter((errno) => diskErrorOf(errno, 'open', '/x').retryable)
    expect(retryable).toEqual(['EMFILE', 'ENFILE'])
    expect(diskErrorOf('ENOSPC', 'write', '/x').status).toBe(507)
  })

  it('names what has no reason', () => {
    expect(diskError('thrown text', 'read', '/x')).toMatchObject({
      details: { errno: 'UNKNOWN' },
      cause: 'thrown text',
    })
  })

  it('passes errors of the family', () => {
    const error = diskErrorOf('ENOENT', 'open', '/x')
    expect(diskError(error, 'rename', '/y')).toBe(error)
  })

  it('shows a path of bytes as text', () => {
    expect(diskErrorOf('ENOENT', 'open', Uint8Array.of(0x2f, 0xff)).details.path).toBe('/\ufffd')
  })

  it('tells its codes from others', () => {
    expect(isDiskError(diskErrorOf('ENOENT', 'open', '/x'), 'CORE_DISK_NOT_FOUND')).toBe(true)
    expect(isDiskError(diskErrorOf('EIO', 'open', '/x'), 'CORE_DISK_NOT_FOUND')).toBe(false)
    expect(isDiskError(new Error('ENOENT'), 'CORE_DISK_NOT_FOUND')).toBe(false)
    expect(isDiskError(diskErrorOf('EIO', 'open', '/x'))).toBe(true)
    const others = [
      new Error('ENOENT'),
      new ExprsnError({ code: 'CORE_STORAGE_NOT_FOUND', message: 'Nothing there.', help: 'Look elsewhere.' }),
      undefined,
    ]
    expect(others.map((each) => isDiskError(each))).toEqual([false, false, false])
  })

  it('has a help that is a sentence for every code', () => {
    for (const [code, { help }] of Object.entries(diskErrors.definitions)) expect(help, code).toMatch(/^[A-Z].*\.$/)
    expect(ExprsnError.is(diskErrors.CORE_DISK_CRASHED({ operation: 'read', path: '/x' }))).toBe(true)
  })
})
