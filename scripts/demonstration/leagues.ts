export interface Club {
  readonly teamId: number
  readonly name: string
}

export interface League {
  readonly stageId: number
  readonly tournamentId: number
  readonly regionId: number
  readonly country: string
  readonly name: string
  readonly clubs: readonly Club[]
}

/** Numbers of this site's own, in a range where no real club stands. */
const firstNumber = 90_000_000

const clubsOf: readonly (readonly [country: string, name: string, clubs: string])[] = [
  [
    'England',
    'Premier League',
    'Arsenal|Aston Villa|Bournemouth|Brentford|Brighton|Burnley|Chelsea|Crystal Palace|Everton|Fulham|Liverpool|' +
      'Luton|Manchester City|Manchester United|Newcastle|Nottingham Forest|Sheffield United|Tottenham|West Ham|Wolves',
  ],
  [
    'Spain',
    'LaLiga',
    'Almeria|Athletic Club|Atletico Madrid|Barcelona|Cadiz|Celta Vigo|Deportivo Alaves|Getafe|Girona|Granada|' +
      'Las Palmas|Mallorca|Osasuna|Rayo Vallecano|Real Betis|Real Madrid|Real Sociedad|Sevilla|Valencia|Villarreal',
  ],
  [
    'Germany',
    'Bundesliga',
    'Augsburg|Bayer Leverkusen|Bayern Munich|Bochum|Borussia Dortmund|Borussia M.Gladbach|Darmstadt|' +
      'Eintracht Frankfurt|FC Heidenheim|FC Koln|Freiburg|Hoffenheim|Mainz 05|RB Leipzig|Union Berlin|VfB Stuttgart|' +
      'Werder Bremen|Wolfsburg',
  ],
  [
    'Italy',
    'Serie A',
    'AC Milan|Atalanta|Bologna|Cagliari|Empoli|Fiorentina|Frosinone|Genoa|Inter|Juventus|Lazio|Lecce|Monza|Napoli|' +
      'Roma|Salernitana|Sassuolo|Torino|Udinese|Verona',
  ],
  [
    'France',
    'Ligue 1',
    'Brest|Clermont Foot|Le Havre|Lens|Lille|Lorient|Lyon|Marseille|Metz|Monaco|Montpellier|Nantes|Nice|' +
      'Paris Saint-Germain|Reims|Rennes|Strasbourg|Toulouse',
  ],
  [
    'Netherlands',
    'Eredivisie',
    'Ajax|Almere City FC|AZ Alkmaar|Excelsior|FC Twente|FC Utrecht|FC Volendam|Feyenoord|Fortuna Sittard|' +
      'Go Ahead Eagles|Heerenveen|Heracles|NEC Nijmegen|PEC Zwolle|PSV Eindhoven|RKC Waalwijk|Sparta Rotterdam|Vitesse',
  ],
]

/** Six leagues with the clubs that played in them in 2023/24. */
export const demonstrationLeagues: readonly League[] = clubsOf.map(([country, name, clubs], index) => ({
  stageId: firstNumber + index + 1,
  tournamentId: firstNumber + index + 11,
  regionId: firstNumber + index + 21,
  country,
  name,
  clubs: clubs.split('|').map((club, at) => ({ teamId: firstNumber + (index + 1) * 100 + at, name: club })),
}))
