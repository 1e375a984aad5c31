/** Clubs of the shipped model, by country: three of each first division. */
const clubs = Object.entries({
  argentina: ['boca-juniors', 'racing-club', 'lanus'],
  austria: ['salzburg', 'sturm-graz', 'lask'],
  belgium: ['anderlecht', 'gent', 'antwerp'],
  brazil: ['palmeiras', 'sao-paulo', 'bahia'],
  denmark: ['brondby', 'midtjylland', 'aarhus'],
  england: ['arsenal', 'chelsea', 'liverpool'],
  finland: ['hjk', 'kups', 'vps'],
  france: ['monaco', 'lille', 'marseille'],
  germany: ['bayern-munich', 'dortmund', 'mainz'],
  greece: ['aek', 'olympiakos', 'paok'],
  ireland: ['dundalk', 'shelbourne', 'drogheda'],
  italy: ['atalanta', 'juventus', 'lazio'],
  japan: ['gamba-osaka', 'fc-tokyo', 'iwata'],
  mexico: ['puebla', 'cruz-azul', 'atlas'],
  netherlands: ['ajax', 'vitesse', 'feyenoord'],
  norway: ['molde', 'rosenborg', 'brann'],
  poland: ['lech-poznan', 'slask-wroclaw', 'zaglebie'],
  portugal: ['benfica', 'porto', 'boavista'],
  scotland: ['celtic', 'rangers', 'hibernian'],
  spain: ['barcelona', 'valencia', 'real-madrid'],
  sweden: ['aik', 'goteborg', 'elfsborg'],
  switzerland: ['basel', 'zurich', 'servette'],
  turkey: ['galatasaray', 'fenerbahce', 'besiktas'],
  usa: ['fc-dallas', 'dc-united', 'columbus-crew'],
}).flatMap(([country, names]) => names.map((name) => `${country}.${name}`))

const dayMs = 86_400_000
/** From tomorrow; beyond a year the service refuses. */
const days = 360
const pairs = clubs.length * (clubs.length - 1)
/** Without a common factor with the number of questions: steps of it visit each of them once, and mix days and clubs. */
const stride = 611_953
const countOfStored = 64

/** How many questions there are that `newQuestions` gives before it begins again. */
export const countOfNew = pairs * days - countOfStored

/** Bodies of POST /predict, `count` of them from the `first` on; no two of one series are the same question. */
export function newQuestions(first: number, count: number, today: Date): string[] {
  return Array.from({ length: count }, (_, n) => questionAt((first + n) % countOfNew, today))
}

/** The questions that are asked again and again; none of them is a new one. */
export function storedQuestions(today: Date): string[] {
  return Array.from({ length: countOfStored }, (_, n) => questionAt(countOfNew + n, today))
}

function questionAt(position: number, today: Date): string {
  const n = (position * stride) % (pairs * days)
  const pair = Math.floor(n / days)
  const home = Math.floor(pair / (clubs.length - 1))
  const other = pair % (clubs.length - 1)
  const away = other < home ? other : other + 1
  const kickoff = new Date(today.getTime() + (1 + (n % days)) * dayMs).toISOString().slice(0, 10)
  return JSON.stringify({ home: clubs[home], away: clubs[away], kickoff })
}
