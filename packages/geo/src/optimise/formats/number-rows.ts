/** The lines of a text that are numbers only, as numbers. */
export function numberRows(text: string): number[][] {
  return text.split('\n').flatMap((line) => {
    const words = line.trim().split(/\s+/)
    const numbers = words.map(Number)
    return line.trim() === '' || numbers.some((value) => !Number.isFinite(value)) ? [] : [numbers]
  })
}
