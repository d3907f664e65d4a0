# Build the style sheet, the scripts and the typeface from locked npm packages into src/rollcall/static/built.
set -eu
source=src/rollcall/static/src
built=src/rollcall/static/built
new=$built.new

sh scripts/npm.sh ci --ignore-scripts --omit=optional --loglevel=error
rm -rf "$new"
mkdir -p "$new/js" "$new/fonts"

cp "$source"/js/*.js node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js "$new/js/"
cp "$source"/img/* "$new/"
cp -R "$source/root" "$new/root"
letters=node_modules/@expo-google-fonts/atkinson-hyperlegible-next
cp node_modules/@fontsource-variable/atkinson-hyperlegible-next/files/*-wght-*.woff2 "$new/fonts/"
cp "$letters"/400Regular/*.ttf "$letters"/400Regular_Italic/*.ttf "$letters"/700Bold/*.ttf \
    "$letters"/700Bold_Italic/*.ttf "$new/fonts/"
cp "$letters/LICENSE_FONT" "$new/fonts/OFL.txt"
# For letters in Arabic script (Arabic, Persian, Urdu), and names written in it.
arabic=node_modules/@expo-google-fonts/noto-naskh-arabic
cp "$arabic"/400Regular/*.ttf "$arabic"/700Bold/*.ttf "$new/fonts/"
cp "$arabic/LICENSE_FONT" "$new/fonts/OFL-arabic.txt"
sh scripts/npm.sh exec --offline -- sass --no-source-map --style=compressed --quiet-deps --load-path=node_modules \
    "$source/rollcall.scss" "$new/rollcall.css"

rm -rf "$built"
mv "$new" "$built"
touch "$built/rollcall.css"
