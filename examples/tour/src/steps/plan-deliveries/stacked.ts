/** Pictures one below the other, as one. */
export function stacked(pictures: readonly string[]): string {
  let height = 0
  let width = 0
  const parts = pictures.map((picture) => {
    const [, own, high] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(picture)!
    const part = picture.replace('<svg ', `<svg y="${height}" `)
    height += Number(high)
    width = Math.max(width, Number(own))
    return part
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">\n${parts.join('')}</svg>\n`
}
