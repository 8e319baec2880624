import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { decodeChunked } from './aws-chunked.ts'
import { sha256Hex, type SigningContext } from './signature.ts'

// The example of "Signature calculations for the Authorization header: transferring payload in multiple chunks".
const key = ['20130524', 'us-east-1', 's3', 'aws4_request'].reduce<Uint8Array>(
  (secret, part) => createHmac('sha256', secret).update(part).digest(),
  Buffer.from('AWS4wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'),
)
const signing: SigningContext = {
  signature: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
  signingKey: key,
  timestamp: '20130524T000000Z',
  scope: '20130524/us-east-1/s3/aws4_request',
}
const signatures = [
  'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
  '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
  'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
] as const
const signedMode = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'
const unsignedMode = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'

function signedBody(letters = 'a'): Buffer {
  const chunk = (size: number, signature: string): string =>
    `${size.toString(16)};chunk-signature=${signature}\r\n${letters.repeat(size)}\r\n`
  return Buffer.from(chunk(65_536, signatures[0]) + chunk(1_024, signatures[1]) + chunk(0, signatures[2]))
}

function refusal(raw: string | Buffer, mode: string, headers: Record<string, string>): string | undefined {
  try {
    decodeChunked(Buffer.from(raw), mode, headers, signing)
    return undefined
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('decodeChunked', () => {
  const length = { 'x-amz-decoded-content-length': '66560' }

  it('decodes and verifies the example of the documentation', () => {
    const { content } = decodeChunked(signedBody(), signedMode, length, signing)
    expect(Buffer.from(content).equals(Buffer.alloc(66_560, 'a'))).toBe(true)
  })

  it('refuses signed chunks that were changed, cut, or too small', () => {
    expect(refusal(signedBody('b'), signedMode, length)).toBe('SignatureDoesNotMatch')
    expect(refusal(signedBody().subarray(0, -10), signedMode, length)).toBe('IncompleteBody')
    expect(refusal(signedBody(), signedMode, { 'x-amz-decoded-content-length': '66559' })).toBe('IncompleteBody')
    expect(refusal(signedBody(), signedMode, {})).toBe('MissingContentLength')
    expect(refusal('5\r\nhello\r\n0\r\n\r\n', signedMode, { 'x-amz-decoded-content-length': '5' })).toBe(
      'InvalidRequest',
    )
    expect(refusal(signedBody(), 'STREAMING-SOMETHING', length)).toBe('InvalidArgument')
  })

  it('verifies the signature of trailers', () => {
    const mode = `${signedMode}-TRAILER`
    const sign = (...lines: string[]): string =>
      createHmac('sha256', key)
        .update([...lines].join('\n'))
        .digest('hex')
    const first = (data: string, previous: string): string =>
      sign('AWS4-HMAC-SHA256-PAYLOAD', signing.timestamp, signing.scope, previous, sha256Hex(''), sha256Hex(data))
    const one = first('hello', signing.signature)
    const end = first('', one)
    const trailer = sign(
      'AWS4-HMAC-SHA256-TRAILER',
      signing.timestamp,
      signing.scope,
      end,
      sha256Hex('x-amz-checksum-crc32:NhCmhg==\n'),
    )
    const body = (signature: string): string =>
      `5;chunk-signature=${one}\r\nhello\r\n0;chunk-signature=${end}\r\nx-amz-checksum-crc32:NhCmhg==\r\nx-amz-trailer-signature:${signature}\r\n\r\n`
    const headers = { 'x-amz-decoded-content-length': '5', 'x-amz-trailer': 'x-amz-checksum-crc32' }
    expect(decodeChunked(Buffer.from(body(trailer)), mode, headers, signing).trailers).toEqual({
      'x-amz-checksum-crc32': 'NhCmhg==',
    })
    expect(refusal(body('0'.repeat(64)), mode, headers)).toBe('SignatureDoesNotMatch')
  })

  it('takes unsigned chunks of any size and exactly the trailers that were announced', () => {
    const headers = { 'x-amz-decoded-content-length': '6', 'x-amz-trailer': 'x-amz-checksum-crc32' }
    const body = (trailers: string): string => `1\r\nh\r\n5\r\nello!\r\n0\r\n${trailers}\r\n`
    const { content, trailers } = decodeChunked(
      Buffer.from(body('x-amz-checksum-crc32:abc\r\n')),
      unsignedMode,
      headers,
      undefined,
    )
    expect(Buffer.from(content).toString()).toBe('hello!')
    expect(trailers).toEqual({ 'x-amz-checksum-crc32': 'abc' })
    expect(refusal(body(''), unsignedMode, headers)).toBe('InvalidRequest')
    expect(refusal(body('x-other:1\r\n'), unsignedMode, headers)).toBe('InvalidRequest')
    expect(refusal(body('nonsense\r\n'), unsignedMode, headers)).toBe('InvalidRequest')
    expect(refusal(`${body('x-amz-checksum-crc32:abc\r\n')}more`, unsignedMode, headers)).toBe('IncompleteBody')
    expect(refusal('zz\r\nh', unsignedMode, headers)).toBe('InvalidRequest')
    expect(refusal('6\r\nhello!X\r\n0\r\n\r\n', unsignedMode, headers)).toBe('IncompleteBody')
  })
})
