<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
    <context>
        <name>IDGBR</name>
        <message>
            <location filename="idgbr_qgis/core/area.py" />
            <source>Nothing is selected in {layer}; select polygons or choose another area.</source>
            <translation>In {layer} ist nichts ausgewählt; wählen Sie Polygone aus oder ein anderes Gebiet.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/area.py" />
            <source>The area is empty; draw a rectangle on the image.</source>
            <translation>Das Gebiet ist leer; zeichnen Sie ein Rechteck auf dem Bild.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/area.py" />
            <source>The area holds no polygons; choose another one.</source>
            <translation>Das Gebiet enthält keine Polygone; wählen Sie ein anderes.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/backend_client.py" />
            <source>The backend speaks protocol {theirs}, this plugin {ours}: update the IDGBR plugin.</source>
            <translation>Das Backend spricht Protokoll {theirs}, diese Erweiterung {ours}: Aktualisieren Sie die Erweiterung IDGBR.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/backend_client.py" />
            <source>The backend speaks protocol {theirs}, this plugin {ours}: update the backend.</source>
            <translation>Das Backend spricht Protokoll {theirs}, diese Erweiterung {ours}: Aktualisieren Sie das Backend.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/backend_client.py" />
            <source>The backend did not answer within {seconds:.0f} s; test it in Settings ▸ Options ▸ IDGBR.</source>
            <translation>Das Backend hat innerhalb von {seconds:.0f} s nicht geantwortet; testen Sie es unter Einstellungen ▸ Optionen ▸ IDGBR.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/backend_client.py" />
            <location filename="idgbr_qgis/core/layers.py" />
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <location filename="idgbr_qgis/gui/backend_check.py" />
            <location filename="idgbr_qgis/gui/own_classes/save_bar.py" />
            <source>Cancelled.</source>
            <translation>Abgebrochen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/backend_client.py" />
            <source>Cancelled. The backend did not stop in time and was terminated.</source>
            <translation>Abgebrochen. Das Backend hielt nicht rechtzeitig an und wurde beendet.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/backend_client.py" />
            <source>The backend crashed (signal {code}).</source>
            <translation>Das Backend ist abgestürzt (Signal {code}).</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/backend_client.py" />
            <source>The backend ended with exit status {code}.</source>
            <translation>Das Backend endete mit Exit-Status {code}.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/backend_client.py" />
            <source>The backend could not be started: {program}: {reason}; check Settings ▸ Options ▸ IDGBR.</source>
            <translation>Das Backend konnte nicht gestartet werden: {program}: {reason}; prüfen Sie Einstellungen ▸ Optionen ▸ IDGBR.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/chosen_features.py" />
            <source>Nothing is selected in {layer}; select polygons, or use all features.</source>
            <translation>In {layer} ist nichts ausgewählt; wählen Sie Polygone aus oder verwenden Sie alle Objekte.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/estimate.py" />
            <source>{layer} would need a download of {n} million pixels, which is too much; choose a smaller area.</source>
            <translation>{layer} müsste mit {n} Millionen Pixeln abgerufen werden, das ist zu viel; wählen Sie ein kleineres Gebiet.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/estimate.py" />
            <source>The location of {layer} on the ground is unknown; check its coordinate system.</source>
            <translation>Die Lage von {layer} auf der Erde ist nicht bekannt; prüfen Sie das Koordinatensystem.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/extents.py" />
            <source>The extent does not overlap the raster {layer}; draw it on the raster.</source>
            <translation>Die Ausdehnung überlappt das Raster {layer} nicht; zeichnen Sie sie auf dem Raster.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/extents.py" />
            <source>The extent is empty; draw a rectangle on the raster.</source>
            <translation>Die Ausdehnung ist leer; zeichnen Sie ein Rechteck auf dem Raster.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/extents.py" />
            <source>The extent cannot be transformed to {crs}; draw it on the raster.</source>
            <translation>Die Ausdehnung kann nicht nach {crs} transformiert werden; zeichnen Sie sie auf dem Raster.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/extents.py" />
            <source>{layer} has no coordinate system.</source>
            <translation>{layer} hat kein Koordinatensystem.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/job_plan.py" />
            <source>{path} is open in another program; close it there, or choose another file.</source>
            <translation>{path} ist in einem anderen Programm geöffnet; schließen Sie die Datei dort oder wählen Sie eine andere.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/job_plan.py" />
            <source>{path} cannot be written: it is open in another program, or protected; choose another file.</source>
            <translation>{path} kann nicht geschrieben werden: Die Datei ist in einem anderen Programm geöffnet oder geschützt; wählen Sie eine andere.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/job_plan.py" />
            <source>Choose the class raster or polygon layer to refine.</source>
            <translation>Wählen Sie das Klassenraster oder den Polygonlayer, der verfeinert werden soll.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/job_plan.py" />
            <source>The image and the layer to refine are the same; choose another one.</source>
            <translation>Bild und zu verfeinernder Layer sind derselbe; wählen Sie einen anderen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/job_plan.py" />
            <source>Choose another image for the later date.</source>
            <translation>Wählen Sie ein anderes Bild für den späteren Zeitpunkt.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/job_plan.py" />
            <source>Another job in the queue writes {path}; choose another file.</source>
            <translation>Ein anderer Auftrag in der Warteschlange schreibt {path}; wählen Sie eine andere Datei.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/job_plan.py" />
            <source>{path} is open in this project as {layer}; choose another file, or remove the layer.</source>
            <translation>{path} ist in diesem Projekt als {layer} geöffnet; wählen Sie eine andere Datei oder entfernen Sie den Layer.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/jobs_queue.py" />
            <source>Waiting</source>
            <translation>Wartet</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/jobs_queue.py" />
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Cancelling…</source>
            <translation>Wird abgebrochen…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/jobs_queue.py" />
            <location filename="idgbr_qgis/gui/health_line.py" />
            <location filename="idgbr_qgis/gui/options.py" />
            <source>Starting the backend…</source>
            <translation>Backend wird gestartet…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/jobs_queue.py" />
            <source>The job failed; its log says more.</source>
            <translation>Der Auftrag ist fehlgeschlagen; sein Protokoll sagt mehr.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/jobs_queue.py" />
            <source>The algorithm {name} is not there; enable IDGBR in the plugin manager.</source>
            <translation>Der Algorithmus {name} ist nicht vorhanden; aktivieren Sie IDGBR in der Erweiterungsverwaltung.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layer_settings.py" />
            <source>{layer}: bands {bands} are read as red, green and blue, as set in QGIS for the layer.</source>
            <translation>{layer}: Die Kanäle {bands} werden als Rot, Grün und Blau gelesen, wie in QGIS für den Layer eingestellt.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layer_settings.py" />
            <source>{layer}: band {band} is read, as set in QGIS for the layer.</source>
            <translation>{layer}: Kanal {band} wird gelesen, wie in QGIS für den Layer eingestellt.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>{layer}: nodata as set in QGIS for the layer: {value}.</source>
            <translation>{layer}: Leerwert, wie in QGIS für den Layer eingestellt: {value}.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>Exporting {layer}: {columns} × {rows} pixels.</source>
            <translation>{layer} wird exportiert: {columns} × {rows} Pixel.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>The raster {layer} cannot be exported to {path}: {reason}</source>
            <translation>Das Raster {layer} kann nicht nach {path} exportiert werden: {reason}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>{layer} returned no image here{reason}; check the connection, or choose an area that it covers.</source>
            <translation>{layer} hat hier kein Bild geliefert{reason}; prüfen Sie die Verbindung oder wählen Sie ein Gebiet, das der Layer abdeckt.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>{layer}: {n} parts could not be fetched{reason}; the result has holes there.</source>
            <translation>{layer}: {n} Teile konnten nicht abgerufen werden{reason}; das Ergebnis hat dort Lücken.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>The layer {layer} cannot be written: {reason}</source>
            <translation>Der Layer {layer} kann nicht geschrieben werden: {reason}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>{layer}: {n} of {total} features are selected.</source>
            <translation>{layer}: {n} von {total} Objekten sind ausgewählt.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>{layer} has to be exported, and {columns} × {rows} pixels are too many; choose a smaller extent.</source>
            <translation>{layer} muss exportiert werden, und {columns} × {rows} Pixel sind zu viele; wählen Sie eine kleinere Ausdehnung.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>The mask has no polygons; select some, or run without a mask.</source>
            <translation>Die Maske enthält keine Polygone; wählen Sie welche aus, oder lassen Sie die Maske weg.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>The layer {layer} has no polygons; choose a polygon layer.</source>
            <translation>Der Layer {layer} hat keine Polygone; wählen Sie einen Polygonlayer.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>The mask cannot be transformed to {crs}.</source>
            <translation>Die Maske kann nicht nach {crs} transformiert werden.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>The raster {layer} cannot be read by GDAL.</source>
            <translation>Das Raster {layer} kann von GDAL nicht gelesen werden.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>The raster {layer} cannot be exported.</source>
            <translation>Das Raster {layer} kann nicht exportiert werden.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>The mask cannot be written: {reason}</source>
            <translation>Die Maske kann nicht geschrieben werden: {reason}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>All files are intact.</source>
            <translation>Alle Dateien sind in Ordnung.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>Version {version}, licence {licence}</source>
            <translation>Version {version}, Lizenz {licence}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>8-bit values unchanged; other types scaled by the value range of the area</source>
            <translation>8-Bit-Werte unverändert; andere nach dem Wertebereich des Gebiets skaliert</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>Uses the first {n} bands of the image</source>
            <translation>Nimmt die ersten {n} Kanäle des Bildes</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>For pixel sizes of {low}–{high} m</source>
            <translation>Für Pixelgrößen von {low}–{high} m</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>Uses the bands {bands} of the image</source>
            <translation>Nimmt die Kanäle {bands} des Bildes</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>Values from {low} to {high}</source>
            <translation>Werte von {low} bis {high}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>; standardized with mean {mean} and standard deviation {std}</source>
            <translation>; standardisiert mit Mittelwert {mean} und Standardabweichung {std}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>this image has {size} m, too coarse for details</source>
            <translation>dieses Bild hat {size} m, zu grob für Einzelheiten</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>; this image has {size} m</source>
            <translation>; dieses Bild hat {size} m</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>Accuracy, mean of {n} test sets: {figures}</source>
            <translation>Genauigkeit, Mittel von {n} Testdatensätzen: {figures}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>Accuracy on {data}</source>
            <translation>Genauigkeit auf {data}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>; this image has {size} m and is resampled to larger pixels</source>
            <translation>; dieses Bild hat {size} m und wird auf größere Pixel umgerechnet</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/models.py" />
            <source>Choose a model.</source>
            <translation>Wählen Sie ein Modell.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/models.py" />
            <source>There is no model {model}; check its path.</source>
            <translation>Das Modell {model} gibt es nicht; prüfen Sie seinen Pfad.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/own_classes/label_file.py" />
            <source>{path} holds no labels; choose the GeoPackage that was saved with a model.</source>
            <translation>{path} enthält keine Labels; wählen Sie das GeoPackage, das mit einem Modell gespeichert wurde.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/own_classes/label_file.py" />
            <source>The labels cannot be written to {path}: {reason}</source>
            <translation>Die Labels können nicht nach {path} geschrieben werden: {reason}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/own_classes/labels.py" />
            <source>Draw label</source>
            <translation>Label zeichnen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/own_classes/labels.py" />
            <source>Erase labels</source>
            <translation>Labels radieren</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/own_classes/labels.py" />
            <source>What was drawn cannot be transformed to {crs}.</source>
            <translation>Das Gezeichnete lässt sich nicht nach {crs} transformieren.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/own_classes/labels.py" />
            <source>A model has at most {n} classes.</source>
            <translation>Ein Modell hat höchstens {n} Klassen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/own_classes/labels.py" />
            <source>class {n}</source>
            <translation>Klasse {n}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/own_classes/map_layers.py" />
            <location filename="idgbr_qgis/gui/own_classes/preview_options.py" />
            <source>Preview</source>
            <translation>Vorschau</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/own_classes/preview.py" />
            <location filename="idgbr_qgis/core/preview.py" />
            <source>The backend's preview cannot be read; set the backend up again.</source>
            <translation>Die Vorschau des Backends kann nicht gelesen werden; richten Sie das Backend neu ein.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/own_classes/preview.py" />
            <source>{layer} is not a file: draw labels of two classes or more in what the map shows.</source>
            <translation>{layer} ist keine Datei: Zeichnen Sie Labels von mindestens zwei Klassen im sichtbaren Teil der Karte.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/own_classes/preview.py" />
            <location filename="idgbr_qgis/core/preview.py" />
            <source>The preview cannot be shown in the map's coordinate system.</source>
            <translation>Die Vorschau kann nicht im Koordinatensystem der Karte gezeigt werden.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/own_classes/saving.py" />
            <source>Give the model a name.</source>
            <translation>Geben Sie dem Modell einen Namen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/own_classes/saving.py" />
            <source>Draw a few strokes for each of two classes or more.</source>
            <translation>Zeichnen Sie für mindestens zwei Klassen je einige Striche.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/own_classes/saving.py" />
            <source>The backend's answer cannot be read; set the backend up again.</source>
            <translation>Die Antwort des Backends ist nicht lesbar; richten Sie das Backend neu ein.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/preview.py" />
            <source>The algorithms are not there; enable IDGBR in the plugin manager.</source>
            <translation>Die Algorithmen sind nicht vorhanden; aktivieren Sie IDGBR in der Erweiterungsverwaltung.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/preview.py" />
            <source>The map shows nothing of {layer}; zoom to it first.</source>
            <translation>Die Karte zeigt nichts von {layer}; zoomen Sie zuerst dorthin.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Class number</source>
            <translation>Klassennummer</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <location filename="idgbr_qgis/gui/own_classes/class_table.py" />
            <source>Class</source>
            <translation>Klasse</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Confidence (0–1)</source>
            <translation>Konfidenz (0–1)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Area (m²)</source>
            <translation>Fläche (m²)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Perimeter (m)</source>
            <translation>Umfang (m)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Boundary moved by (m)</source>
            <translation>Grenze verschoben um (m)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Uncertainty of the boundary (0–1)</source>
            <translation>Unsicherheit der Grenze (0–1)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Model {model}, version {version}, licence: {licence}</source>
            <translation>Modell {model}, Version {version}, Lizenz: {licence}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>IDGBR – {layer} – {time}</source>
            <translation>IDGBR – {layer} – {time}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>{path} was not written by IDGBR and is not replaced</source>
            <translation>{path} wurde nicht von IDGBR geschrieben und wird nicht ersetzt</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>confidence</source>
            <translation>Konfidenz</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>boundary moved by</source>
            <translation>Grenze verschoben um</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>uncertainty of the boundary</source>
            <translation>Unsicherheit der Grenze</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>{when}: {algorithm}, IDGBR plugin {plugin}, backend {backend}</source>
            <translation>{when}: {algorithm}, IDGBR-Erweiterung {plugin}, Backend {backend}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Parameters: {values}</source>
            <translation>Parameter: {values}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Result of {algorithm}</source>
            <translation>Ergebnis von {algorithm}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>{path} has no layer</source>
            <translation>{path} enthält keinen Layer</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Device: {device}</source>
            <translation>Gerät: {device}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>{path} cannot be opened</source>
            <translation>{path} kann nicht geöffnet werden</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/review.py" />
            <source>{layer} cannot be edited; save it as a GeoPackage first.</source>
            <translation>{layer} kann nicht bearbeitet werden; speichern Sie den Layer zuerst als GeoPackage.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/review.py" />
            <source>rejected</source>
            <translation>verworfen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/review.py" />
            <source>accepted</source>
            <translation>angenommen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/review.py" />
            <source>Accept polygon</source>
            <translation>Polygon annehmen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/review.py" />
            <source>Reject polygon</source>
            <translation>Polygon verwerfen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/review.py" />
            <source>{layer} has no polygons left to review.</source>
            <translation>In {layer} sind keine Polygone mehr durchzusehen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/settings.py" />
            <source>Set it up again: Plugins ▸ IDGBR ▸ Set up backend….</source>
            <translation>Richten Sie es neu ein: Erweiterungen ▸ IDGBR ▸ Backend einrichten….</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/settings.py" />
            <source>The backend's Python {path} was not found; choose it in Settings ▸ Options ▸ IDGBR, or set the backend up again: Plugins ▸ IDGBR ▸ Set up backend….</source>
            <translation>Das Python des Backends {path} wurde nicht gefunden; wählen Sie es unter Einstellungen ▸ Optionen ▸ IDGBR oder richten Sie das Backend neu ein: Erweiterungen ▸ IDGBR ▸ Backend einrichten….</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/settings.py" />
            <source>The backend command must be a JSON list of strings, such as ["ssh", "host", "idgbr", "worker"].</source>
            <translation>Der Backend-Befehl muss eine JSON-Liste von Texten sein, etwa ["ssh", "host", "idgbr", "worker"].</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/settings.py" />
            <source>The backend command {program} was not found; correct it in Settings ▸ Options ▸ IDGBR.</source>
            <translation>Der Backend-Befehl {program} wurde nicht gefunden; berichtigen Sie ihn unter Einstellungen ▸ Optionen ▸ IDGBR.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/settings.py" />
            <source>The IDGBR backend is not set up: choose Plugins ▸ IDGBR ▸ Set up backend….</source>
            <translation>Das IDGBR-Backend ist nicht eingerichtet: Wählen Sie Erweiterungen ▸ IDGBR ▸ Backend einrichten….</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>The proxy cannot be reached.</source>
            <translation>Der Proxy ist nicht erreichbar.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Check Settings ▸ Options ▸ Network in QGIS (host, port, and whether you need a proxy here at all), then try again. Downloaded packages are kept. Or set up from a folder of wheels.</source>
            <translation>Prüfen Sie in QGIS Einstellungen ▸ Optionen ▸ Netzwerk (Host, Port und ob hier überhaupt ein Proxy nötig ist) und versuchen Sie es noch einmal: Was heruntergeladen wurde, bleibt erhalten. Oder richten Sie aus einem Ordner mit Wheels ein.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>The proxy asks for a user name and password.</source>
            <translation>Der Proxy verlangt einen Benutzernamen und ein Passwort.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Enter them in Settings ▸ Options ▸ Network in QGIS. A proxy that requires a Windows login (NTLM, Kerberos) is not supported. Ask your administrator for one that accepts a password, or use a folder of wheels.</source>
            <translation>Tragen Sie beides in QGIS unter Einstellungen ▸ Optionen ▸ Netzwerk ein. Ein Proxy, der eine Windows-Anmeldung (NTLM, Kerberos) verlangt, kann nicht direkt benutzt werden: Bitten Sie Ihre Administration um einen, der ein Passwort annimmt, oder verwenden Sie einen Ordner mit Wheels.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>The secure connection is not trusted: on this network, a device probably opens and re-signs it.</source>
            <translation>Der sicheren Verbindung wird nicht vertraut: In diesem Netz wird sie wahrscheinlich von einem Gerät geöffnet und neu signiert.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Ask your administrator for the certificate of that authority. Add it in Settings ▸ Options ▸ Authentication ▸ Manage certificates in QGIS, or set its file in pip's own configuration (cert). Also check the clock of the computer.</source>
            <translation>Bitten Sie Ihre Administration um das Zertifikat dieser Stelle und fügen Sie es in QGIS unter Einstellungen ▸ Optionen ▸ Authentifizierung ▸ Zertifikate verwalten hinzu, oder nennen Sie seine Datei in der Konfiguration von pip (cert). Prüfen Sie auch die Uhr des Rechners.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>The package index cannot be reached, or the connection was cut.</source>
            <translation>Der Paketindex ist nicht erreichbar, oder die Verbindung wurde unterbrochen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Check the connection and try again. Downloaded packages are kept. Without a network, prepare a folder of wheels on another computer and choose it here.</source>
            <translation>Prüfen Sie die Verbindung und versuchen Sie es noch einmal: Was heruntergeladen wurde, bleibt erhalten. Ohne Netz bereiten Sie auf einem anderen Rechner einen Ordner mit Wheels vor und wählen ihn hier.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>The disk is full.</source>
            <translation>Der Datenträger ist voll.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Free some space or choose a folder on a larger disk, then try again. Downloaded packages are kept.</source>
            <translation>Schaffen Sie Platz oder wählen Sie einen Ordner auf einem größeren Datenträger und versuchen Sie es noch einmal: Was heruntergeladen wurde, bleibt erhalten.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Another program holds a file: an antivirus scanner, or a QGIS that uses the backend.</source>
            <translation>Ein anderes Programm hält eine Datei fest: ein Virenscanner oder ein QGIS, das das Backend benutzt.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Close other QGIS windows and try again. If it happens again, exclude the backend's folder from the antivirus scan.</source>
            <translation>Schließen Sie andere QGIS-Fenster und versuchen Sie es noch einmal. Geschieht es wieder, nehmen Sie den Ordner des Backends vom Virenscan aus.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>A file or folder is not writable.</source>
            <translation>Eine Datei oder ein Ordner ist nicht beschreibbar.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Choose a folder that you own. If you do own it, exclude it from the antivirus scan or from controlled folder access.</source>
            <translation>Wählen Sie einen eigenen Ordner. Ist er es schon, nehmen Sie ihn vom Virenscan oder vom kontrollierten Ordnerzugriff aus.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>A path became too long for Windows.</source>
            <translation>Ein Pfad wurde für Windows zu lang.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Choose a folder with a short path, such as C:\idgbr, or enable long paths.</source>
            <translation>Wählen Sie einen Ordner mit kurzem Pfad, etwa C:\idgbr, oder lassen Sie lange Pfade einschalten.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>There is no ready-made package for this Python on this system.</source>
            <translation>Für dieses Python auf diesem System gibt es kein fertiges Paket.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Choose another Python, preferably 3.11 or 3.12 (64 bit). A folder of wheels must be made for the same Python version and system.</source>
            <translation>Wählen Sie ein anderes Python, am besten 3.11 oder 3.12 mit 64 Bit. Ein Ordner mit Wheels muss für dieselbe Python-Version und dasselbe System gemacht sein.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>The folder of wheels is incomplete.</source>
            <translation>Der Ordner mit Wheels ist nicht vollständig.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Make it again with this version of the plugin, on a computer with the same system and Python version: python idgbr_qgis/core/setup download FOLDER.</source>
            <translation>Erstellen Sie ihn neu, mit dieser Version der Erweiterung und auf einem Rechner mit demselben System und derselben Python-Version: python idgbr_qgis/core/setup download FOLDER.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>A downloaded package differs from the tested one and was rejected.</source>
            <translation>Ein heruntergeladenes Paket weicht vom geprüften ab und wurde abgelehnt.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Try again. If it happens again, the mirror or proxy changes packages. Ask your administrator, and do not install such a package by other means.</source>
            <translation>Versuchen Sie es noch einmal. Geschieht es wieder, verändert der Spiegelserver oder Proxy Pakete: Fragen Sie Ihre Administration und installieren Sie ein solches Paket nicht auf anderem Weg.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>No suitable Python was found.</source>
            <translation>Es wurde kein geeignetes Python gefunden.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Install Python 3.12 (64 bit), or the program uv, which downloads one by itself. Then try again.</source>
            <translation>Installieren Sie Python 3.12 (64 Bit) oder das Programm uv, das selbst eines holt; versuchen Sie es dann noch einmal.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>This Python cannot create environments: its module venv or ensurepip is missing.</source>
            <translation>Dieses Python kann keine Umgebungen anlegen: Sein Modul venv oder ensurepip fehlt.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>On Debian and Ubuntu: sudo apt install python3-venv. Elsewhere, choose another Python, or install uv.</source>
            <translation>Unter Debian und Ubuntu: sudo apt install python3-venv. Sonst wählen Sie ein anderes Python oder installieren Sie uv.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>The GPU cannot be used.</source>
            <translation>Die GPU kann nicht benutzt werden.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Install or update the NVIDIA driver and restart the computer, or choose the CPU.</source>
            <translation>Installieren oder aktualisieren Sie den NVIDIA-Treiber und starten Sie den Rechner neu, oder wählen Sie die CPU.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Everything is installed, but a library cannot be loaded.</source>
            <translation>Alles ist installiert, aber eine Bibliothek kann nicht geladen werden.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>On Windows, install the Microsoft Visual C++ Redistributable (x64). On Linux, the system may be too old for these packages (glibc 2.28 is needed).</source>
            <translation>Unter Windows installieren Sie Microsoft Visual C++ Redistributable (x64). Unter Linux ist das System vielleicht zu alt für diese Pakete (glibc 2.28 ist nötig).</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Another QGIS window, or a command line, is setting up the backend.</source>
            <translation>Ein anderes QGIS-Fenster oder eine Befehlszeile richtet das Backend gerade ein.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Wait until it is done, or cancel it there.</source>
            <translation>Warten Sie, bis es fertig ist, oder brechen Sie dort ab.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Start again at any time. Downloaded packages are kept.</source>
            <translation>Beginnen Sie jederzeit wieder: Was heruntergeladen wurde, bleibt erhalten.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>The set-up failed.</source>
            <translation>Die Einrichtung ist fehlgeschlagen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>See the details. Copy diagnostics makes a report without names or passwords that you can send to others.</source>
            <translation>Sehen Sie sich die Einzelheiten an. „Diagnose kopieren“ erstellt einen Bericht ohne Namen und Passwörter, den Sie weitergeben können.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/install.py" />
            <source>Creating the environment</source>
            <translation>Umgebung wird angelegt</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/install.py" />
            <source>Downloading</source>
            <translation>Wird heruntergeladen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/install.py" />
            <source>Installing</source>
            <translation>Wird installiert</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/install.py" />
            <source>Starting the backend for the first time</source>
            <translation>Backend wird zum ersten Mal gestartet</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/plan.py" />
            <source>CPU</source>
            <translation>CPU</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/plan.py" />
            <source>NVIDIA GPU (CUDA 13)</source>
            <translation>NVIDIA-GPU (CUDA 13)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/plan.py" />
            <source>NVIDIA GPU (CUDA 12)</source>
            <translation>NVIDIA-GPU (CUDA 12)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/state.py" />
            <source>The backend's environment was removed.</source>
            <translation>Die Umgebung des Backends wurde entfernt.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/state.py" />
            <source>The Python that the backend was based on was removed or replaced by another version.</source>
            <translation>Das Python, auf dem das Backend beruht, wurde entfernt oder durch eine andere Version ersetzt.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/state.py" />
            <source>This version of the plugin needs other packages than those of the backend.</source>
            <translation>Diese Version der Erweiterung braucht andere Pakete als die des Backends.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/state.py" />
            <source>The set-up of the backend was interrupted.</source>
            <translation>Die Einrichtung des Backends wurde unterbrochen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/warm_backend.py" />
            <source>Unexpected error: {error}</source>
            <translation>Unerwarteter Fehler: {error}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Part of the image to process</source>
            <translation>Teil des Bildes, der bearbeitet wird</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Layer whose polygons or extent define the area</source>
            <translation>Layer, dessen Polygone oder dessen Ausdehnung das Gebiet sind</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Whole image</source>
            <translation>Ganzes Bild</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>What the map shows</source>
            <translation>Was die Karte zeigt</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Drawn rectangle</source>
            <translation>Gezeichnetes Rechteck</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Drawn polygon</source>
            <translation>Gezeichnetes Polygon</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Selected polygons</source>
            <translation>Ausgewählte Polygone</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <location filename="idgbr_qgis/gui/job_form.py" />
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Layer</source>
            <translation>Layer</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Draw a rectangle on the map</source>
            <translation>Rechteck auf der Karte zeichnen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Draw a polygon: right-click finishes, Backspace removes the last point</source>
            <translation>Polygon zeichnen: Rechtsklick beendet, Rücktaste entfernt den letzten Punkt</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>There is no layer for the area; add one or choose another area.</source>
            <translation>Es gibt keinen Layer für das Gebiet; fügen Sie einen hinzu oder wählen Sie ein anderes Gebiet.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Draw the area on the map.</source>
            <translation>Zeichnen Sie das Gebiet auf der Karte.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/backend_check.py" />
            <source>The backend works: version {backend}, plugin {plugin}.</source>
            <translation>Das Backend funktioniert: Version {backend}, Erweiterung {plugin}.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/backend_check.py" />
            <source>Testing the IDGBR backend</source>
            <translation>IDGBR-Backend wird getestet</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/backend_check.py" />
            <source>Devices</source>
            <translation>Geräte</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/backend_check.py" />
            <source>{n} GB free</source>
            <translation>{n} GB frei</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/backend_check.py" />
            <source>version</source>
            <translation>Version</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/backend_check.py" />
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Models</source>
            <translation>Modelle</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/backend_check.py" />
            <source>No models were found; set IDGBR_MODELS to a folder of models.</source>
            <translation>Es wurden keine Modelle gefunden; setzen Sie IDGBR_MODELS auf einen Ordner mit Modellen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>about {time}, {memory} GB</source>
            <translation>etwa {time}, {memory} GB</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>roughly {time}, {memory} GB</source>
            <translation>grob geschätzt {time}, {memory} GB</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Estimated time and memory; the time is based on earlier jobs on this machine, if there are any</source>
            <translation>Geschätzte Zeit und Speicher; die Zeit beruht auf früheren Aufträgen auf diesem Rechner, falls es welche gibt</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Run</source>
            <translation>Starten</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Run in the background, after the waiting jobs (Ctrl+Enter)</source>
            <translation>Im Hintergrund starten, nach den wartenden Aufträgen (Strg+Eingabe)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Review polygons, the least certain first</source>
            <translation>Polygone durchsehen, die unsichersten zuerst</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Backend and device</source>
            <translation>Backend und Gerät</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <location filename="idgbr_qgis/gui/own_classes/panel.py" />
            <source>Add an image to the project to begin.</source>
            <translation>Fügen Sie dem Projekt ein Bild hinzu, um zu beginnen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Run opens a window that asks for classes, time and a name.</source>
            <translation>„Starten“ öffnet ein Fenster, das nach Klassen, Zeit und einem Namen fragt.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>no coordinate system</source>
            <translation>kein Koordinatensystem</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>This task uses the bounding box of the polygons.</source>
            <translation>Diese Aufgabe verwendet das umschließende Rechteck der Polygone.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>{columns} × {rows} px</source>
            <translation>{columns} × {rows} px</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/health_line.py" />
            <source>Backend {version} on {device}, {models} models</source>
            <translation>Backend {version} auf {device}, {models} Modelle</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/health_line.py" />
            <source>no device</source>
            <translation>kein Gerät</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/health_line.py" />
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <location filename="idgbr_qgis/gui/options.py" />
            <location filename="idgbr_qgis/gui/setup_entry.py" />
            <source>Set up backend…</source>
            <translation>Backend einrichten…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/health_line.py" />
            <source>The backend has not been checked.</source>
            <translation>Das Backend wurde nicht geprüft.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Run again</source>
            <translation>Noch einmal starten</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Settings…</source>
            <translation>Einstellungen…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Draw an area</source>
            <translation>Gebiet zeichnen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>A layer of this job was removed; start a new job.</source>
            <translation>Ein Layer dieses Auftrags wurde entfernt; starten Sie einen neuen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Segment {layer}</source>
            <translation>{layer} segmentieren</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Refine on {layer}</source>
            <translation>Auf {layer} verfeinern</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Detect changes since {layer}</source>
            <translation>Änderungen seit {layer} erkennen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>{job}: {n} polygons.</source>
            <translation>{job}: {n} Polygone.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Show log</source>
            <translation>Protokoll zeigen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Open</source>
            <translation>Öffnen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>{layer} has no coordinate system. Which one is it in?</source>
            <translation>{layer} hat kein Koordinatensystem. In welchem liegt er?</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Choose it…</source>
            <translation>Wählen…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Zoom to it</source>
            <translation>Dorthin zoomen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Another file…</source>
            <translation>Andere Datei…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Models…</source>
            <translation>Modelle…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>{found} The project it was started in has been closed.</source>
            <translation>{found} Das Projekt, in dem der Auftrag gestartet wurde, ist geschlossen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Add to this project</source>
            <translation>Zu diesem Projekt hinzufügen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>the backend</source>
            <translation>Backend</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Zoom to</source>
            <translation>Hinzoomen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Review…</source>
            <translation>Durchsehen…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>How much time to spend on boundaries</source>
            <translation>Wie viel Zeit auf die Grenzen verwendet wird</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Regular for buildings; as they are for land cover and where no model is chosen</source>
            <translation>Regelmäßig für Gebäude; wie sie sind für Landbedeckung und wo kein Modell gewählt wird</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Give objects such as buildings regular outlines, if they nearly have them</source>
            <translation>Objekten wie Gebäuden regelmäßige Umrisse geben, wenn sie fast schon solche haben</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Find classes with a model, or move the boundaries of a layer you have</source>
            <translation>Klassen mit einem Modell finden oder die Grenzen eines vorhandenen Layers verschieben</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Orthophoto or satellite image: a file, a virtual raster or a web map</source>
            <translation>Orthofoto oder Satellitenbild: eine Datei, ein virtuelles Raster oder eine Webkarte</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Class raster or polygon layer whose boundaries are roughly right</source>
            <translation>Klassenraster oder Polygonlayer, dessen Grenzen ungefähr stimmen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>The same place at a later date, in any coordinate system and resolution</source>
            <translation>Derselbe Ort zu einem späteren Zeitpunkt, in beliebigem Koordinatensystem und beliebiger Auflösung</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Field that holds the class; empty if all polygons have the same class</source>
            <translation>Feld, das die Klasse enthält; leer, wenn alle Polygone dieselbe Klasse haben</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Smaller polygons and holes are merged into their surroundings</source>
            <translation>Kleinere Polygone und Löcher gehen in ihrer Umgebung auf</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Touching objects apart</source>
            <translation>Sich berührende Objekte trennen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Give touching objects, such as row houses, polygons of their own</source>
            <translation>Sich berührenden Objekten wie Reihenhäusern eigene Polygone geben</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Align polygons first</source>
            <translation>Polygone zuerst ausrichten</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Move misplaced polygons onto the image, by up to 8 m, before they are refined</source>
            <translation>Versetzte Polygone um bis zu 8 m auf das Bild schieben, bevor sie verfeinert werden</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Task</source>
            <translation>Aufgabe</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <location filename="idgbr_qgis/gui/own_classes/panel.py" />
            <location filename="idgbr_qgis/processing/align.py" />
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <location filename="idgbr_qgis/processing/refine.py" />
            <location filename="idgbr_qgis/processing/segment.py" />
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Image</source>
            <translation>Bild</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Later image</source>
            <translation>Späteres Bild</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <location filename="idgbr_qgis/processing/refine.py" />
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Class field</source>
            <translation>Klassenfeld</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Area</source>
            <translation>Gebiet</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <location filename="idgbr_qgis/gui/model_picker.py" />
            <location filename="idgbr_qgis/gui/model_widget.py" />
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <location filename="idgbr_qgis/processing/align.py" />
            <location filename="idgbr_qgis/processing/change.py" />
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Model</source>
            <translation>Modell</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Quality</source>
            <translation>Qualität</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Result</source>
            <translation>Ergebnis</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <location filename="idgbr_qgis/processing/align.py" />
            <location filename="idgbr_qgis/processing/regularize.py" />
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Polygons</source>
            <translation>Polygone</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Minimum area</source>
            <translation>Mindestfläche</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Outlines</source>
            <translation>Umrisse</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Segment an image</source>
            <translation>Bild segmentieren</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Refine a layer's boundaries</source>
            <translation>Grenzen eines Layers verfeinern</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Detect changes</source>
            <translation>Änderungen erkennen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Train a model on your polygons</source>
            <translation>Ein Modell auf eigenen Polygonen trainieren</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Draft – fastest</source>
            <translation>Entwurf – am schnellsten</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>No refinement of a model's result; one step when refining a layer</source>
            <translation>Keine Verfeinerung des Modellergebnisses; beim Verfeinern eines Layers ein Schritt</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Standard – recommended</source>
            <translation>Standard – empfohlen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Refined with the refiner’s default number of steps</source>
            <translation>Verfeinert in der Schrittzahl, die der Verfeinerer vorgibt</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Thorough – slowest</source>
            <translation>Gründlich – am langsamsten</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Refined with 4 steps: boundaries can move farther</source>
            <translation>Verfeinert in 4 Schritten: Grenzen bewegen sich weiter</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>As the model suggests</source>
            <translation>Wie das Modell vorschlägt</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>As they are</source>
            <translation>Wie sie sind</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Right angles</source>
            <translation>Rechte Winkel</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Right angles and diagonals</source>
            <translation>Rechte Winkel und Diagonalen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Circles</source>
            <translation>Kreise</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Regular, by object</source>
            <translation>Regelmäßig, je nach Objekt</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Add an image to the project first.</source>
            <translation>Fügen Sie dem Projekt zuerst ein Bild hinzu.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>{layer} cannot be read; repair its source.</source>
            <translation>{layer} kann nicht gelesen werden; berichtigen Sie die Datenquelle.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/jobs_widget.py" />
            <source>Cancel this job; no partial output is left</source>
            <translation>Diesen Auftrag abbrechen; es bleibt keine halbfertige Ausgabe zurück</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/jobs_widget.py" />
            <location filename="idgbr_qgis/gui/own_classes/save_bar.py" />
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_picker.py" />
            <location filename="idgbr_qgis/gui/model_widget.py" />
            <source>Models (model.json *.onnx)</source>
            <translation>Modelle (model.json *.onnx)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_picker.py" />
            <source>Model that finds the classes</source>
            <translation>Modell, das die Klassen findet</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_picker.py" />
            <location filename="idgbr_qgis/gui/model_widget.py" />
            <source>Choose a model card or an ONNX file</source>
            <translation>Karteikarte eines Modells oder ONNX-Datei auswählen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_picker.py" />
            <source>Add, remove and adjust models</source>
            <translation>Modelle hinzufügen, entfernen und anpassen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_picker.py" />
            <source>New model…</source>
            <translation>Neues Modell…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_picker.py" />
            <source>Draw labels of your own classes, and see at once what a model makes of them</source>
            <translation>Labels Ihrer eigenen Klassen zeichnen und sofort sehen, was ein Modell daraus macht</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_picker.py" />
            <source>This model has no card; its metadata is shown when it runs.</source>
            <translation>Dieses Modell hat keine Karteikarte; seine Metadaten zeigen sich beim Lauf.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>One number for each of the {n} bands of the model; empty for automatic.</source>
            <translation>Eine Zahl für jeden der {n} Kanäle, die das Modell nimmt; leer für automatisch.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Bands of the image</source>
            <translation>Kanäle des Bildes</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Value that becomes 0</source>
            <translation>Wert, der 0 wird</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Empty: 0 for 8-bit images, else the 1st percentile of the area</source>
            <translation>Leer: 0 bei 8-Bit-Bildern, sonst das 1. Perzentil des Gebiets</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Value that becomes 1</source>
            <translation>Wert, der 1 wird</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Empty: 255 for 8-bit images, else the 99th percentile of the area</source>
            <translation>Leer: 255 bei 8-Bit-Bildern, sonst das 99. Perzentil des Gebiets</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Mean</source>
            <translation>Mittelwert</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Subtracted after scaling, as in training</source>
            <translation>Wird danach abgezogen, wie beim Training des Modells</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Standard deviation</source>
            <translation>Standardabweichung</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>The result is divided by it, as in training</source>
            <translation>Das Ergebnis wird durch sie geteilt, wie beim Training</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Values and bands of {model}</source>
            <translation>Werte und Kanäle von {model}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Such as {example}</source>
            <translation>Etwa {example}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>IDGBR models</source>
            <translation>IDGBR-Modelle</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Add folder…</source>
            <translation>Ordner hinzufügen…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>A folder with a model.json or an ONNX file</source>
            <translation>Ein Ordner mit einer model.json oder einer ONNX-Datei</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Add file…</source>
            <translation>Datei hinzufügen…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>A zipped model, a STAC item (JSON) or an ONNX file, such as those of the Deepness model zoo; external data files are copied too</source>
            <translation>Zip-Datei eines Modells, STAC-Item (JSON) oder ONNX-Datei, etwa aus dem Deepness-Modellzoo; externe Datendateien werden mitkopiert</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Copy…</source>
            <translation>Kopieren…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Make your own copy, which you can adjust</source>
            <translation>Eine eigene Kopie, die angepasst werden kann</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Adjust…</source>
            <translation>Anpassen…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Values and bands that the model uses</source>
            <translation>Werte und Kanäle, die das Modell nimmt</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Export…</source>
            <translation>Exportieren…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Write the model to a zip, with a STAC item for other tools</source>
            <translation>Das Modell in eine Zip-Datei schreiben, mit einem STAC-Item für andere Programme</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Remove</source>
            <translation>Entfernen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Only your own models can be removed</source>
            <translation>Nur eigene Modelle können entfernt werden</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Verify</source>
            <translation>Prüfen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Check all files against the SHA-256 in their cards</source>
            <translation>Alle Dateien mit dem sha256 in ihrer Karteikarte vergleichen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Checking the models…</source>
            <translation>Die Modelle werden geprüft…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Adding the model…</source>
            <translation>Modell wird hinzugefügt…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Exporting the model…</source>
            <translation>Das Modell wird exportiert…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Models (*.zip *.onnx *.json)</source>
            <translation>Modelle (*.zip *.onnx *.json)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <location filename="idgbr_qgis/gui/notices.py" />
            <source>Copy</source>
            <translation>Kopieren</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Id of the copy:</source>
            <translation>Id der Kopie:</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Export</source>
            <translation>Exportieren</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Zipped models (*.zip)</source>
            <translation>Gezippte Modelle (*.zip)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>A model with this id exists. Enter another id, or leave it empty to replace your own model:</source>
            <translation>Ein Modell mit dieser Id gibt es schon. Geben Sie eine andere Id ein, oder lassen Sie sie leer, um das eigene zu ersetzen:</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Folder of a model</source>
            <translation>Ordner eines Modells</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Writing the card…</source>
            <translation>Karteikarte wird geschrieben…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Remove {model} from the disk?</source>
            <translation>{model} vom Datenträger entfernen?</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Removing the model…</source>
            <translation>Modell wird entfernt…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Add model</source>
            <translation>Modell hinzufügen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>The file does not state the pixel size that the model was trained on. Pixel size in metres:</source>
            <translation>Die Datei nennt die Pixelgröße nicht, mit der das Modell trainiert wurde. Pixelgröße in Metern:</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Exported to {path}.</source>
            <translation>Exportiert nach {path}.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/notices.py" />
            <source>Log of {job}</source>
            <translation>Protokoll von {job}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <source>The models run in a separate process, the IDGBR backend, with its own Python. &lt;i&gt;Set up backend…&lt;/i&gt; installs it. Or choose the Python of an environment that you made yourself.</source>
            <translation>Die Modelle laufen in einem eigenen Prozess, dem IDGBR-Backend, mit eigenem Python. &lt;i&gt;Backend einrichten…&lt;/i&gt; legt eines an; oder wählen Sie das Python einer selbst angelegten Umgebung.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <source>Python of the backend</source>
            <translation>Python des Backends</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <source>Full command as a JSON list, for a backend on another machine. It takes precedence over the Python.</source>
            <translation>Ganzer Befehl als JSON-Liste, für ein Backend auf einem anderen Rechner. Er hat Vorrang vor dem Python.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <source>Default device of the algorithms: auto uses the GPU if possible.</source>
            <translation>Voreingestelltes Gerät der Algorithmen: auto verwendet die GPU, wenn möglich.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <source>Test</source>
            <translation>Testen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <source>Test starts the backend and shows its versions, devices and models.</source>
            <translation>Testen startet das Backend und zeigt seine Versionen, Geräte und Modelle.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <source>Backend Python</source>
            <translation>Backend-Python</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <source>Backend command</source>
            <translation>Backend-Befehl</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Device</source>
            <translation>Gerät</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Temporary layers</source>
            <translation>Temporäre Layer</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Temporary layers are lost when QGIS is closed</source>
            <translation>Temporäre Layer sind weg, wenn QGIS geschlossen wird</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Save polygons</source>
            <translation>Polygone speichern</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>File for the polygons</source>
            <translation>Datei für die Polygone</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Layer name (empty: named after the file)</source>
            <translation>Layer darin (leer: wie die Datei benannt)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Other content of the GeoPackage stays; a layer with this name is replaced</source>
            <translation>Was das GeoPackage sonst enthält, bleibt; ein Layer dieses Namens wird ersetzt</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Class raster</source>
            <translation>Klassenraster</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Class of each pixel on the grid of the image, beside the polygons</source>
            <translation>Klasse jedes Pixels auf dem Gitter des Bildes, neben den Polygonen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Confidence raster</source>
            <translation>Konfidenzraster</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Confidence of each pixel's class, 0 to 1, beside the polygons</source>
            <translation>Konfidenz der Klasse jedes Pixels, 0 bis 1, neben den Polygonen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Uncertainty raster</source>
            <translation>Unsicherheitsraster</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>How uncertain refined boundaries are, 0 to 1, beside the polygons</source>
            <translation>Wie zweifelhaft verfeinerte Grenzen sind, 0 bis 1, neben den Polygonen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Probability raster</source>
            <translation>Wahrscheinlichkeitsraster</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Probability that a place has changed, 0 to 1, beside the polygons</source>
            <translation>Wahrscheinlichkeit, dass sich ein Ort verändert hat, 0 bis 1, neben den Polygonen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Open when finished</source>
            <translation>Öffnen, wenn fertig</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Add the results to the project in a group</source>
            <translation>Die Ergebnisse dem Projekt hinzufügen, in einer eigenen Gruppe</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Name the file for the polygons.</source>
            <translation>Nennen Sie die Datei für die Polygone.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>There is no folder {path}.</source>
            <translation>Den Ordner {path} gibt es nicht.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/class_table.py" />
            <source>Classes</source>
            <translation>Klassen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/class_table.py" />
            <source>The class of the selected row is drawn; double-click its name to change it</source>
            <translation>Gezeichnet wird die Klasse der gewählten Zeile; ein Doppelklick auf ihren Namen ändert ihn</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/class_table.py" />
            <source>Colour of the class</source>
            <translation>Farbe der Klasse</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/class_table.py" />
            <location filename="idgbr_qgis/gui/own_classes/panel.py" />
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Labels</source>
            <translation>Labels</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/class_table.py" />
            <source>Add a class</source>
            <translation>Klasse hinzufügen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/class_table.py" />
            <source>Remove the class and its labels</source>
            <translation>Klasse mit ihren Labels entfernen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/class_table.py" />
            <source>Take the classes of a layer's style…</source>
            <translation>Klassen aus dem Stil eines Layers übernehmen…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/drawing_tools.py" />
            <source>Width of brush and eraser on the screen; zoom in for finer strokes</source>
            <translation>Breite von Pinsel und Radierer auf dem Bildschirm; für feinere Striche hineinzoomen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/drawing_tools.py" />
            <source>Width of brush and eraser</source>
            <translation>Breite von Pinsel und Radierer</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/drawing_tools.py" />
            <source>Undo the last stroke (U, Ctrl+Z)</source>
            <translation>Letzten Strich zurücknehmen (U, Strg+Z)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/drawing_tools.py" />
            <source>Redo (Shift+U)</source>
            <translation>Wiederherstellen (Umschalt+U)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/drawing_tools.py" />
            <source>Brush (B): drag on the map; a click makes a dot</source>
            <translation>Pinsel (B): auf der Karte ziehen; ein Klick setzt einen Punkt</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/drawing_tools.py" />
            <source>Polygon (P): click the corners; right-click finishes, Backspace removes the last one</source>
            <translation>Polygon (P): Ecken anklicken; Rechtsklick beendet, die Rücktaste entfernt die letzte</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/drawing_tools.py" />
            <source>Eraser (E): drag over labels to take them away</source>
            <translation>Radierer (E): über Labels ziehen, um sie zu entfernen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/layer_classes.py" />
            <source>No layer has classes in its style: a categorized symbology, or a raster with a palette.</source>
            <translation>Kein Layer hat Klassen in seinem Stil: eine kategorisierte Symbolisierung oder ein Raster mit Palette.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/layer_classes.py" />
            <source>Classes of a layer</source>
            <translation>Klassen eines Layers</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/live_preview.py" />
            <source>Updating the preview…</source>
            <translation>Vorschau wird aktualisiert…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/live_preview.py" />
            <source>Draw a few strokes for each class; the keys 1 to 9 choose it.</source>
            <translation>Zeichnen Sie einige Striche für jede Klasse; die Tasten 1 bis 9 wählen sie.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/live_preview.py" />
            <source>Updated in {seconds:.1f} s.</source>
            <translation>In {seconds:.1f} s aktualisiert.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/live_preview.py" />
            <source>The model is sure about all that the map shows.</source>
            <translation>Das Modell ist sich im sichtbaren Teil der Karte überall sicher.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/panel.py" />
            <source>The labels are not saved with a model. Continue another one?</source>
            <translation>Die Labels sind mit keinem Modell gespeichert. Ein anderes fortsetzen?</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/panel.py" />
            <source>IDGBR new model</source>
            <translation>IDGBR – neues Modell</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/panel.py" />
            <source>Image on which you draw: a file, a virtual raster or a web map</source>
            <translation>Bild, auf dem Sie zeichnen: eine Datei, ein virtuelles Raster oder eine Webkarte</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/panel.py" />
            <source>IDGBR – new model – {layer}</source>
            <translation>IDGBR – neues Modell – {layer}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/panel.py" />
            <source>Remove {name} with its {n} labels? This cannot be undone.</source>
            <translation>{name} mit {n} Labels entfernen? Das lässt sich nicht rückgängig machen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/panel.py" />
            <source>Add a class first.</source>
            <translation>Fügen Sie zuerst eine Klasse hinzu.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/preview_options.py" />
            <location filename="idgbr_qgis/gui/preview_bar.py" />
            <source>Show the preview</source>
            <translation>Vorschau zeigen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/preview_options.py" />
            <source>Opacity of the preview</source>
            <translation>Deckkraft der Vorschau</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/preview_options.py" />
            <location filename="idgbr_qgis/processing/change.py" />
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Refine boundaries</source>
            <translation>Grenzen verfeinern</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/preview_options.py" />
            <source>Show the preview with refined boundaries; each update takes longer</source>
            <translation>Vorschau mit verfeinerten Grenzen zeigen; jede Aktualisierung dauert länger</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/preview_options.py" />
            <source>Where would labels help?</source>
            <translation>Wo würden Labels helfen?</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/preview_options.py" />
            <source>Mark the places of the visible part that the model is least sure of</source>
            <translation>Die Stellen im sichtbaren Teil markieren, bei denen das Modell am unsichersten ist</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/save_bar.py" />
            <source>Continue…</source>
            <translation>Fortsetzen…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/save_bar.py" />
            <source>Continue with the labels of a saved model</source>
            <translation>Mit den Labels eines gespeicherten Modells weiterarbeiten</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/save_bar.py" />
            <source>Save model…</source>
            <translation>Modell speichern…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/save_bar.py" />
            <source>Train on all labels and keep the model, with the labels beside it</source>
            <translation>Mit allen Labels trainieren und das Modell behalten, die Labels daneben</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/save_bar.py" />
            <source>Run…</source>
            <translation>Starten…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/save_bar.py" />
            <source>Choose the model in the IDGBR panel to segment the image; it is saved first</source>
            <translation>Das Modell im IDGBR-Bedienfeld wählen, um das Bild zu segmentieren; es wird zuvor gespeichert</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/save_bar.py" />
            <source>Save model</source>
            <translation>Modell speichern</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/save_bar.py" />
            <source>Name of the model</source>
            <translation>Name des Modells</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/save_bar.py" />
            <source>Labels of a model</source>
            <translation>Labels eines Modells</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/save_bar.py" />
            <source>Labels (*.gpkg)</source>
            <translation>Labels (*.gpkg)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/save_bar.py" />
            <source>Saved: {name}.</source>
            <translation>Gespeichert: {name}.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/save_bar.py" />
            <source>Saved: {name}, without the strokes since then.</source>
            <translation>Gespeichert: {name}, ohne die Striche seither.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/save_bar.py" />
            <source>Training {name} on all labels…</source>
            <translation>{name} wird mit allen Labels trainiert…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/save_bar.py" />
            <source>There is a model {name} already. Replace it?</source>
            <translation>Es gibt schon ein Modell {name}. Ersetzen?</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/preview_bar.py" />
            <source>Show on the map what the job would give for the visible part, at most 1024 × 1024 px</source>
            <translation>Auf der Karte zeigen, was der Auftrag für den sichtbaren Teil ergäbe, höchstens 1024 × 1024 px</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/preview_bar.py" />
            <source>Clear the preview</source>
            <translation>Vorschau löschen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/preview_bar.py" />
            <source>Cancel preview</source>
            <translation>Vorschau abbrechen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/preview_bar.py" />
            <source>Preview here</source>
            <translation>Vorschau hier</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/preview_bar.py" />
            <source>coarse</source>
            <translation>grob</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/preview_bar.py" />
            <source>refined</source>
            <translation>verfeinert</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/preview_bar.py" />
            <source>Made in {seconds:.1f} s</source>
            <translation>Gemacht in {seconds:.1f} s</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>confidence {value:.2f}</source>
            <translation>Konfidenz {value:.2f}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>moved by {value:.2f} m</source>
            <translation>verschoben um {value:.2f} m</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>IDGBR review</source>
            <translation>IDGBR-Durchsicht</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Polygons with the field confidence or moved_m</source>
            <translation>Polygone mit dem Feld confidence oder moved_m</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Begin</source>
            <translation>Beginnen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Switches the layer to editing; nothing is saved until you save it</source>
            <translation>Der Layer wird in den Bearbeitungsmodus gesetzt; gespeichert wird erst, wenn Sie speichern</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>First</source>
            <translation>Zuerst</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Least confident</source>
            <translation>Geringste Konfidenz</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Most moved</source>
            <translation>Am weitesten verschoben</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Polygon {n} of {count}</source>
            <translation>Polygon {n} von {count}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>{accepted} accepted, {rejected} rejected</source>
            <translation>{accepted} angenommen, {rejected} verworfen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Accept</source>
            <translation>Annehmen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>The polygon is right</source>
            <translation>Das Polygon ist richtig</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Reject</source>
            <translation>Verwerfen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Delete the polygon</source>
            <translation>Das Polygon löschen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Edit</source>
            <translation>Bearbeiten</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Select the polygon and activate the vertex tool</source>
            <translation>Das Polygon auswählen und das Stützpunktwerkzeug aktivieren</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Back</source>
            <translation>Zurück</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Go to the previous polygon</source>
            <translation>Zum vorigen Polygon</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Next</source>
            <translation>Weiter</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Skip to the next polygon</source>
            <translation>Weiter zum nächsten Polygon</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Undo</source>
            <translation>Rückgängig</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Undo the last decision</source>
            <translation>Die letzte Entscheidung zurücknehmen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Steps through the polygons, the least certain first.</source>
            <translation>Geht die Polygone durch, die unsichersten zuerst.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Choose a polygon layer with the field confidence or moved_m.</source>
            <translation>Wählen Sie einen Polygonlayer mit dem Feld confidence oder moved_m.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/selected_only.py" />
            <source>Selected features only</source>
            <translation>Nur ausgewählte Objekte</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Set up the IDGBR backend</source>
            <translation>IDGBR-Backend einrichten</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Set up</source>
            <translation>Einrichten</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Copy diagnostics</source>
            <translation>Diagnose kopieren</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Cancel set-up</source>
            <translation>Einrichtung abbrechen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>What will be installed</source>
            <translation>Was installiert wird</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Setting up</source>
            <translation>Wird eingerichtet</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Copied</source>
            <translation>Kopiert</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>You can use QGIS in the meantime. Downloads are kept in any case.</source>
            <translation>QGIS kann währenddessen benutzt werden. Was heruntergeladen ist, bleibt in jedem Fall erhalten.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>less than a minute left</source>
            <translation>noch weniger als eine Minute</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>A backend command is set in Settings ▸ Options ▸ IDGBR and takes precedence; clear it to use this backend.</source>
            <translation>Unter Einstellungen ▸ Optionen ▸ IDGBR ist ein Backend-Befehl gesetzt, der vorgeht; leeren Sie ihn, um dieses zu benutzen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>The backend is ready</source>
            <translation>Das Backend ist bereit</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Cancelled</source>
            <translation>Abgebrochen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>The backend could not be set up</source>
            <translation>Das Backend konnte nicht eingerichtet werden</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Continue in the background</source>
            <translation>Im Hintergrund weitermachen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>about {n} min left</source>
            <translation>noch etwa {n} min</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>The algorithms are in the Processing toolbox under IDGBR.</source>
            <translation>Die Algorithmen sind in der Verarbeitungswerkzeugkiste unter IDGBR.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>{done} of {total} MB</source>
            <translation>{done} von {total} MB</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Device: {names}</source>
            <translation>Gerät: {names}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Python: {path}</source>
            <translation>Python: {path}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Models: {names}</source>
            <translation>Modelle: {names}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_entry.py" />
            <source>The models need the IDGBR backend, which is not set up yet.</source>
            <translation>Die Modelle brauchen das IDGBR-Backend, das noch nicht eingerichtet ist.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_entry.py" />
            <source>The backend is ready.</source>
            <translation>Das Backend ist bereit.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_entry.py" />
            <source>Set it up again.</source>
            <translation>Richten Sie es neu ein.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>; &lt;b&gt;{installed}&lt;/b&gt; are needed in the folder, {free} are free there.</source>
            <translation>; &lt;b&gt;{installed}&lt;/b&gt; werden im Ordner gebraucht, {free} sind dort frei.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>The models run in a separate program, the backend, with its own Python environment. &lt;b&gt;Nothing is installed into the Python of QGIS&lt;/b&gt; or of the system.</source>
            <translation>Die Modelle laufen in einem eigenen Programm, dem Backend, in einer eigenen Python-Umgebung. &lt;b&gt;In das Python von QGIS&lt;/b&gt; oder des Systems wird nichts installiert.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>empty: download them</source>
            <translation>leer: herunterladen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>To install without a network: a folder filled with the command in the documentation</source>
            <translation>Für die Einrichtung ohne Netz: ein Ordner, der mit dem Befehl aus der Dokumentation gefüllt wurde</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>Based on</source>
            <translation>Auf der Grundlage von</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>Folder</source>
            <translation>Ordner</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>Folder of wheels</source>
            <translation>Ordner mit Wheels</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>Looking for Python and a GPU…</source>
            <translation>Python und eine GPU werden gesucht…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>Another Python…</source>
            <translation>Ein anderes Python…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>No Python 3.10 or newer was found. Install Python 3.12 (64 bits) or uv, or choose one above.</source>
            <translation>Es wurde kein Python 3.10 oder neuer gefunden. Installieren Sie Python 3.12 (64 Bit) oder uv, oder wählen Sie oben eines.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>About &lt;b&gt;{download}&lt;/b&gt; are downloaded from the package index that pip is configured to use</source>
            <translation>Etwa &lt;b&gt;{download}&lt;/b&gt; werden vom Paketindex heruntergeladen, auf den pip eingestellt ist</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>Nothing is downloaded</source>
            <translation>Nichts wird heruntergeladen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>No NVIDIA driver was found. The CPU works everywhere; a GPU is many times faster.</source>
            <translation>Es wurde kein NVIDIA-Treiber gefunden. Die CPU geht überall; eine GPU ist um ein Vielfaches schneller.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>{gpu} is too old: with driver {needed} or newer, the GPU could be used.</source>
            <translation>{gpu} ist zu alt: Mit Treiber {needed} oder neuer könnte die GPU benutzt werden.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>An update of QGIS may remove it; then the backend must be set up again.</source>
            <translation>Eine Aktualisierung von QGIS kann es entfernen; dann muss das Backend neu eingerichtet werden.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>{n} MB</source>
            <translation>{n} MB</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>Python 3.10 or newer</source>
            <translation>Python 3.10 oder neuer</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>The packages are not tested with this version; choose 3.10 to 3.13 if possible.</source>
            <translation>Die Pakete sind mit dieser Version nicht getestet; wählen Sie möglichst 3.10 bis 3.13.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>It cannot create environments: install the package python3-venv first.</source>
            <translation>Es kann keine Umgebungen anlegen: Installieren Sie zuerst das Paket python3-venv.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>{n} GB</source>
            <translation>{n} GB</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>of QGIS</source>
            <translation>von QGIS</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>driver</source>
            <translation>Treiber</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>Python {version}, downloaded by uv</source>
            <translation>Python {version}, von uv geholt</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>That is too little: free some space.</source>
            <translation>Das ist zu wenig: Schaffen Sie Platz.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_task.py" />
            <source>Looking for Python and a GPU</source>
            <translation>Python und eine GPU werden gesucht</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_task.py" />
            <source>Setting up the IDGBR backend</source>
            <translation>IDGBR-Backend wird eingerichtet</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/plugin.py" />
            <source>IDGBR panel</source>
            <translation>IDGBR-Bedienfeld</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/plugin.py" />
            <source>Segment images and refine boundaries with IDGBR</source>
            <translation>Mit IDGBR Bilder segmentieren und Grenzen verfeinern</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/plugin.py" />
            <source>IDGBR models…</source>
            <translation>IDGBR-Modelle…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/plugin.py" />
            <source>IDGBR settings…</source>
            <translation>IDGBR-Einstellungen…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>Align polygons with an image</source>
            <translation>Polygone an einem Bild ausrichten</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>Moves the polygons of a misplaced layer to where an image shows them.</source>
            <translation>Verschiebt die Polygone eines versetzten Layers dorthin, wo ein Bild sie zeigt.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>Moves the polygons of a layer from any source, such as OpenStreetMap or a cadastre, to where your image shows them. Each polygon gets its own shift, and shifts of neighbours are alike. Outlines stay as they are: the same vertices in the same order, with all attributes.

A model finds the objects in the image, by default buildings. Polygons are compared with what it finds and with the edges in the image. Polygons that the image does not show, because they are gone or hidden, follow their neighbours. Where the image shows nothing like them, or where they are farther off than the search radius, they stay, and the log says how many.

The fields shift_x and shift_y are the shift in metres on the ground, along the axes of the layer's coordinate system. shift_conf (0…1) is the share of what the image shows of the polygon that supports its shift. A low value means that the polygon follows its neighbours.

The layer may have any coordinate system. Polygons in three dimensions are written in two.

The IDGBR backend does the work in a separate process. Set it up in Settings ▸ Options ▸ IDGBR.</source>
            <translation>Verschiebt die Polygone eines Layers aus beliebiger Quelle, etwa OpenStreetMap oder einem Kataster, dorthin, wo Ihr Bild sie zeigt. Jedes Polygon erhält seine eigene Verschiebung, und die von Nachbarn sind ähnlich. Umrisse bleiben, wie sie sind: dieselben Stützpunkte in derselben Reihenfolge, mit allen Attributen.

Ein Modell findet die Objekte im Bild, ohne weitere Angabe Gebäude. Polygone werden damit und mit den Kanten im Bild verglichen. Polygone, die das Bild nicht zeigt, weil sie fehlen oder verdeckt sind, folgen ihren Nachbarn. Wo das Bild nichts Ähnliches zeigt oder wo sie weiter versetzt sind als der Suchradius, bleiben sie, und das Protokoll nennt ihre Zahl.

Die Felder shift_x und shift_y sind die Verschiebung in Metern am Boden entlang der Achsen des Koordinatensystems des Layers. shift_conf (0…1) ist der Anteil dessen, was das Bild vom Polygon zeigt, der für seine Verschiebung spricht. Ein niedriger Wert bedeutet, dass das Polygon seinen Nachbarn folgt.

Der Layer kann jedes Koordinatensystem haben. Dreidimensionale Polygone werden zweidimensional geschrieben.

Das IDGBR-Backend erledigt die Arbeit in einem eigenen Prozess. Richten Sie es unter Einstellungen ▸ Optionen ▸ IDGBR ein.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>Orthophoto or satellite image that shows the objects: a file, or a web map.</source>
            <translation>Orthofoto oder Satellitenbild, das die Objekte zeigt: eine Datei oder eine Webkarte.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>Polygon layer to move. If only its selected features are used, the others are left out.</source>
            <translation>Polygonlayer, der verschoben wird. Wenn nur seine gewählten Objekte verwendet werden, fehlen die anderen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>Search radius (m)</source>
            <translation>Suchradius (m)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>How far polygons may be off. A larger radius takes longer and is less sure.</source>
            <translation>Wie weit Polygone versetzt sein dürfen. Ein größerer Radius dauert länger und ist weniger sicher.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>Model that finds such objects: an id, the folder of a model, or an .onnx file.</source>
            <translation>Modell, das solche Objekte findet: eine Id, der Ordner eines Modells oder eine .onnx-Datei.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>The same features at their new place, in any format that the plugin writes.</source>
            <translation>Dieselben Objekte an ihrem neuen Ort, in jedem Format, das die Erweiterung schreibt.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>A line from the old to the new centre of each polygon.</source>
            <translation>Eine Linie von der alten zur neuen Mitte jedes Polygons.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>align,shift,offset,misplaced,move,footprints,buildings,osm,cadastre,register,conflate</source>
            <translation>ausrichten,verschieben,Versatz,versetzt,Umrisse,Gebäude,osm,Kataster,Passung,Lage,Georeferenzierung</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>Aligned polygons</source>
            <translation>Ausgerichtete Polygone</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>Shifts</source>
            <translation>Verschiebungen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <location filename="idgbr_qgis/processing/regularize.py" />
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Number of polygons</source>
            <translation>Anzahl der Polygone</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>Polygons that moved</source>
            <translation>Verschobene Polygone</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>Polygons that follow their neighbours</source>
            <translation>Polygone, die ihren Nachbarn folgen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>Polygons that stay without evidence</source>
            <translation>Polygone, die mangels Hinweisen bleiben</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>Polygons that seem to be off by more than the radius</source>
            <translation>Polygone, die um mehr als den Radius versetzt scheinen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>Median shift (m)</source>
            <translation>Median der Verschiebung (m)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>Longest shift (m)</source>
            <translation>Größte Verschiebung (m)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>The polygons do not overlap the image; check their coordinate systems.</source>
            <translation>Die Polygone überlappen das Bild nicht; prüfen Sie ihre Koordinatensysteme.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Segmentation</source>
            <translation>Segmentierung</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>{output}: the backend writes files and GeoPackage layers, but no tables of other databases.</source>
            <translation>{output}: Das Backend schreibt Dateien und Layer von GeoPackages, keine Tabellen anderer Datenbanken.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>The metadata of {path} could not be written: {reason}</source>
            <translation>Die Metadaten von {path} konnten nicht geschrieben werden: {reason}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Run the same algorithm again, with the same parameters and outputs, to resume it.</source>
            <translation>Starten Sie denselben Algorithmus noch einmal, mit denselben Parametern und Ausgaben, um ihn fortzusetzen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>IDGBR backend {version}.</source>
            <translation>IDGBR-Backend {version}.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/change.py" />
            <source>Area to compare, in any coordinate system; empty for the whole image.</source>
            <translation>Gebiet, das verglichen wird, in beliebigem Koordinatensystem; leer für das ganze Bild.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/change.py" />
            <source>Id of a change model (change), or its folder.</source>
            <translation>Id eines Änderungsmodells (change) oder sein Ordner.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/change.py" />
            <source>Lowest probability at which a pixel counts as changed. A lower threshold finds more changes, but also more false ones. 0: the threshold of the model.</source>
            <translation>Kleinste Wahrscheinlichkeit, mit der ein Pixel als verändert zählt. Eine niedrigere Schwelle findet mehr Änderungen, aber auch mehr falsche. 0: die Schwelle des Modells.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/change.py" />
            <source>Refine boundaries with the diffusion refiner, in the image in which the building stands.</source>
            <translation>Grenzen mit dem Diffusionsverfeinerer berichtigen, in dem Bild, in dem das Gebäude steht.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/change.py" />
            <source>Correct the shift between the images, if it can be measured reliably.</source>
            <translation>Die Verschiebung zwischen den Bildern ausgleichen, wenn sie sich zuverlässig messen lässt.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/change.py" />
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <location filename="idgbr_qgis/processing/refine.py" />
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Extent</source>
            <translation>Ausdehnung</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/change.py" />
            <source>Threshold</source>
            <translation>Schwelle</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/change.py" />
            <source>Align images</source>
            <translation>Bilder ausrichten</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Finds the buildings that appeared, disappeared or were modified between two images.</source>
            <translation>Findet die Gebäude, die zwischen zwei Bildern entstanden, verschwunden oder verändert worden sind.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Compares two images of the same place. Draws the buildings that appeared, disappeared or were modified between them, with refined boundaries.

The later image may have any coordinate system, resolution and extent; it is resampled to the grid of the earlier one. The shift between the images is estimated block by block and reported. It is corrected on request. Where either image has no data, nothing is reported. Where both images are equal, nothing has changed.

The IDGBR backend does the work in a separate process. Set it up in Settings ▸ Options ▸ IDGBR. Local rasters are read in place. Web maps and layers in memory are first exported for the extent.

Polygons have the fields class_id, class (appeared, disappeared, modified), confidence (0…1), area_m2 and perim_m (ellipsoidal). With dates given, they also have date_before and date_after.</source>
            <translation>Vergleicht zwei Bilder desselben Ortes. Zeichnet die Gebäude, die dazwischen entstanden, verschwunden oder verändert worden sind, mit verfeinerten Grenzen.

Das spätere Bild darf jedes Koordinatensystem, jede Auflösung und jede Ausdehnung haben; es wird auf das Gitter des früheren umgerechnet. Die Verschiebung zwischen den Bildern wird blockweise geschätzt und gemeldet. Auf Wunsch wird sie ausgeglichen. Wo eines der Bilder keine Daten hat, wird nichts gemeldet. Wo beide Bilder gleich sind, hat sich nichts verändert.

Die Arbeit erledigt das IDGBR-Backend in einem eigenen Prozess. Richten Sie es unter Einstellungen ▸ Optionen ▸ IDGBR ein. Lokale Raster werden direkt gelesen. Webkarten und Layer im Speicher werden zuerst für die Ausdehnung exportiert.

Die Polygone haben die Felder class_id, class (appeared, disappeared, modified), confidence (0…1), area_m2 und perim_m (ellipsoidisch). Sind die Daten angegeben, haben sie auch date_before und date_after.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>The earlier image; results are on its grid.</source>
            <translation>Das frühere Bild; Ergebnisse liegen auf seinem Gitter.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>The later image, with any coordinate system, resolution and extent.</source>
            <translation>Das spätere Bild, mit beliebigem Koordinatensystem, beliebiger Auflösung und Ausdehnung.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Compare the images in both orders and average the results. Slightly more reliable, but takes twice the time.</source>
            <translation>Die Bilder in beiden Reihenfolgen vergleichen und die Ergebnisse mitteln. Etwas zuverlässiger, dauert aber doppelt so lange.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Probability (0–1) that a pixel has changed, before threshold and refinement, as GeoTIFF.</source>
            <translation>Wahrscheinlichkeit (0–1), dass sich ein Pixel verändert hat, vor Schwelle und Verfeinerung, als GeoTIFF.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>change detection,two dates,difference,building,damage,demolished,new,time,compare</source>
            <translation>Änderungserkennung,zwei Zeitpunkte,Unterschied,Gebäude,Schaden,abgerissen,neu,Zeit,vergleichen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Image before</source>
            <translation>Bild vorher</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Image after</source>
            <translation>Bild nachher</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Compare in both orders</source>
            <translation>In beiden Reihenfolgen vergleichen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Date before</source>
            <translation>Datum vorher</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Date after</source>
            <translation>Datum nachher</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Date of the image, written to the polygons' attributes.</source>
            <translation>Datum des Bildes, für die Attribute der Polygone.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Shift between the images (m)</source>
            <translation>Verschiebung zwischen den Bildern (m)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Whether the shift is reliable</source>
            <translation>Ob die Verschiebung zuverlässig ist</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>The date before must be earlier than the date after; are the two images swapped?</source>
            <translation>Das Datum vorher liegt nicht vor dem Datum nachher; sind die beiden Bilder vertauscht?</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Mean IoU</source>
            <translation>Mittlere IoU</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Mean F1</source>
            <translation>Mittleres F1</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Overall accuracy</source>
            <translation>Gesamtgenauigkeit</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Evaluate a classification</source>
            <translation>Klassifikation bewerten</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>accuracy,assessment,validation,truth,confusion matrix,iou,f1,boundary,error,compare,polis,report</source>
            <translation>Genauigkeit,Bewertung,Validierung,Wahrheit,Konfusionsmatrix,iou,f1,Grenze,Fehler,vergleichen,polis,Bericht</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Measures how well a classification agrees with the truth, in particular its boundaries, and writes a report.</source>
            <translation>Misst, wie gut eine Klassifikation mit der Wahrheit übereinstimmt, besonders ihre Grenzen, und schreibt einen Bericht.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Compares a classification with the truth. Either may be a class raster or a polygon layer, in any coordinate system. The figures are outputs of the algorithm. The report is one HTML file with tables, the confusion matrix, distances between boundaries, a map of the errors and the worst places.

Both inputs are brought to one grid by nearest neighbour. It is the grid of the truth if that is a raster, else that of the prediction, else that of the image. Without any raster, a grid is made for the extent of the truth. Rasters are scored where they overlap. A true layer is scored inside its bounding box, or inside the given extent. Ground where the truth has no data is not scored. Where the prediction has no class, it is wrong.

Classes are matched by name if both inputs have names, else by number. Layers made by this plugin need no class field. Predicted classes that the truth does not have count as background.

The IDGBR backend does the work in a separate process. Set it up in Settings ▸ Options ▸ IDGBR.</source>
            <translation>Vergleicht eine Klassifikation mit der Wahrheit. Jede von beiden darf ein Klassenraster oder ein Polygonlayer sein, in beliebigem Koordinatensystem. Die Kennzahlen sind Ausgaben des Algorithmus. Der Bericht ist eine HTML-Datei mit Tabellen, der Konfusionsmatrix, Abständen zwischen Grenzen, einer Karte der Fehler und den schlechtesten Stellen.

Beide Eingaben werden nach dem nächsten Nachbarn auf ein Gitter gebracht. Es ist das der Wahrheit, wenn sie ein Raster ist, sonst das der Vorhersage, sonst das des Bildes. Ohne Raster wird ein Gitter für die Ausdehnung der Wahrheit erzeugt. Raster werden bewertet, wo sie sich überlappen. Ein wahrer Layer wird in seinem umschließenden Rechteck oder in der angegebenen Ausdehnung bewertet. Boden, für den die Wahrheit keine Daten hat, wird nicht bewertet. Wo die Vorhersage keine Klasse hat, ist sie falsch.

Klassen werden nach Namen zugeordnet, wenn beide Eingaben Namen haben, sonst nach Nummern. Layer dieser Erweiterung brauchen kein Klassenfeld. Vorhergesagte Klassen, die die Wahrheit nicht hat, zählen als Hintergrund.

Die Arbeit erledigt das IDGBR-Backend in einem eigenen Prozess. Richten Sie es unter Einstellungen ▸ Optionen ▸ IDGBR ein.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Field of the polygon layer that holds the class (text or integer). Leave it empty to use the fields class and class_id, or if all polygons have the same class.</source>
            <translation>Feld des Polygonlayers, das die Klasse enthält (Text oder ganze Zahl). Leer für die Felder class und class_id oder wenn alle Polygone dieselbe Klasse haben.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Mean IoU within 3 px of true boundaries</source>
            <translation>Mittlere IoU innerhalb von 3 px um wahre Grenzen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>WFm: weighted F-measure of boundaries</source>
            <translation>WFm: gewichtetes F-Maß der Grenzen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Pixels scored</source>
            <translation>Bewertete Pixel</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Wrong pixels</source>
            <translation>Falsche Pixel</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Pixels without a prediction</source>
            <translation>Pixel ohne Vorhersage</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Expected calibration error</source>
            <translation>Erwarteter Kalibrierungsfehler</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>F1 of matched polygons</source>
            <translation>F1 der gefundenen Polygone</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Mean IoU of matched polygons</source>
            <translation>Mittlere IoU der zugeordneten Polygone</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>PoLiS distance of matched polygons (m)</source>
            <translation>PoLiS-Abstand der zugeordneten Polygone (m)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Predicted vertices per true vertex</source>
            <translation>Vorhergesagte Stützpunkte je wahrem Stützpunkt</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Angle error of matched polygons (degrees)</source>
            <translation>Winkelfehler der zugeordneten Polygone (Grad)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Image to show below the errors in the report. It also gives the grid if two polygon layers are compared.</source>
            <translation>Bild, das im Bericht unter den Fehlern gezeigt wird. Es liefert auch das Gitter, wenn zwei Polygonlayer verglichen werden.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Confidence of each predicted pixel (0–1), for the calibration error.</source>
            <translation>Konfidenz jedes vorhergesagten Pixels, 0 bis 1: für den Kalibrierungsfehler.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Area to evaluate, in any coordinate system.</source>
            <translation>Gebiet, das bewertet wird, in beliebigem Koordinatensystem.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Pixel size (m)</source>
            <translation>Pixelgröße (m)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Pixel size of the grid on which two polygon layers are compared. 0: chosen from the extent.</source>
            <translation>Pixelgröße des Gitters, auf dem zwei Polygonlayer verglichen werden. 0: nach der Ausdehnung gewählt.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>How to treat ground without a true polygon. background: it counts as background. unlabelled: it is not scored. auto: background if either input has one, or if the truth has a single class.</source>
            <translation>Wie Boden ohne wahres Polygon behandelt wird. background: Er zählt als Hintergrund. unlabelled: Er wird nicht bewertet. auto: Hintergrund, wenn eine der Eingaben einen hat oder die Wahrheit eine einzige Klasse.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Report with tables, charts and pictures, in one file.</source>
            <translation>Bericht mit Tabellen, Diagrammen und Bildern, in einer Datei.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Boundary F-score, {tolerance}</source>
            <translation>F-Wert der Grenzen, {tolerance}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Boundary IoU, {tolerance}</source>
            <translation>IoU der Grenzen, {tolerance}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Prediction</source>
            <translation>Vorhersage</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Class raster or polygon layer to evaluate.</source>
            <translation>Klassenraster oder Polygonlayer, der beurteilt wird.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Class field of the prediction</source>
            <translation>Klassenfeld der Vorhersage</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Truth</source>
            <translation>Wahrheit</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Class raster or polygon layer with the true classes; nodata is not scored.</source>
            <translation>Klassenraster oder Polygonlayer, der richtig ist; Nodata wird nicht bewertet.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Class field of the truth</source>
            <translation>Klassenfeld der Wahrheit</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Outside true polygons</source>
            <translation>Außerhalb wahrer Polygone</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <location filename="idgbr_qgis/processing/pretrain.py" />
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Report</source>
            <translation>Bericht</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <location filename="idgbr_qgis/processing/pretrain.py" />
            <location filename="idgbr_qgis/processing/train.py" />
            <source>HTML files (*.html)</source>
            <translation>HTML-Dateien (*.html)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Reading the map</source>
            <translation>Karte wird gelesen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Segmenting</source>
            <translation>Wird segmentiert</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Refining boundaries from coarse to fine</source>
            <translation>Grenzen werden von grob nach fein verfeinert</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Refining boundaries</source>
            <translation>Grenzen werden verfeinert</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Vectorizing</source>
            <translation>Wird vektorisiert</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Regularizing</source>
            <translation>Umrisse begradigen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Matching polygons with the image</source>
            <translation>Polygone werden mit dem Bild verglichen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Aligning</source>
            <translation>Ausrichten</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Comparing</source>
            <translation>Wird verglichen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Comparing dates</source>
            <translation>Vergleiche Zeitpunkte</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Writing</source>
            <translation>Wird geschrieben</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>{n} h</source>
            <translation>{n} h</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>{stage}: about {time} left</source>
            <translation>{stage}: noch etwa {time}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>{n} s</source>
            <translation>{n} s</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>{n} min</source>
            <translation>{n} min</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/pretrain.py" />
            <source>Pre-train a diffusion prior</source>
            <translation>Diffusionsmodell vortrainieren</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/pretrain.py" />
            <source>Trains a diffusion model on images without labels, whose features help to learn your own classes.</source>
            <translation>Trainiert ein Diffusionsmodell auf Bildern ohne Labels, dessen Merkmale beim Lernen eigener Klassen helfen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/pretrain.py" />
            <source>Trains a diffusion model that predicts the noise in an image. It needs no labels. The architecture diff-hrnet of full training uses its features, so that fewer labels may be enough.

Few people have enough images to train one from nothing: start from a prior of other images, and continue on your own. The training takes hours on a processor. It ends when the loss on blocks set aside is flat.

The IDGBR backend does the work in a separate process; training needs its extra packages (torch). Run a stopped training again to resume it.</source>
            <translation>Trainiert ein Diffusionsmodell, das das Rauschen in einem Bild vorhersagt. Es braucht keine Labels. Die Architektur diff-hrnet des vollständigen Trainings verwendet seine Merkmale, sodass weniger Labels genügen können.

Nur wenige haben genug Bilder, um eines von Grund auf zu trainieren: Beginnen Sie mit einem Modell von anderen Bildern und setzen Sie auf Ihren eigenen fort. Das Training dauert auf einem Prozessor Stunden. Es endet, wenn der Verlust auf zurückgehaltenen Blöcken nicht mehr sinkt.

Das IDGBR-Backend arbeitet in einem eigenen Prozess; das Training braucht dessen Zusatzpakete (torch). Führen Sie ein angehaltenes Training erneut aus, um es fortzusetzen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/pretrain.py" />
            <location filename="idgbr_qgis/processing/track_changes.py" />
            <source>Images</source>
            <translation>Bilder</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/pretrain.py" />
            <source>Images with the same bands. Ground without data is not learned from.</source>
            <translation>Bilder mit denselben Kanälen. Flächen ohne Daten zählen nicht.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/pretrain.py" />
            <source>Id or folder of a prior to continue from; it gives the size of the network.</source>
            <translation>ID oder Ordner des Modells, von dem aus fortgesetzt wird; es bestimmt die Größe des Netzes.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/pretrain.py" />
            <source>Size of the network: cpu for two cores, gpu for a large GPU.</source>
            <translation>Größe des Netzes: cpu für zwei Kerne, gpu für eine große GPU.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/pretrain.py" />
            <source>Curves of the training in one file, while it runs and at its end.</source>
            <translation>Kurven des Trainings in einer Datei, während es läuft und an seinem Ende.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/pretrain.py" />
            <source>diffusion,prior,self-supervised,unlabelled,training,deep learning,hrnet</source>
            <translation>Diffusion,Vortraining,selbstüberwacht,ohne Labels,Training,Deep Learning,HRNet</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/pretrain.py" />
            <source>Prior to start from</source>
            <translation>Modell, mit dem begonnen wird</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/pretrain.py" />
            <source>Size</source>
            <translation>Größe</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/pretrain.py" />
            <source>Loss on blocks set aside</source>
            <translation>Verlust auf zurückgehaltenen Blöcken</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/provider.py" />
            <source>IDGBR – segmentation with diffusion-refined boundaries</source>
            <translation>IDGBR – Segmentierung mit durch Diffusion verfeinerten Grenzen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/recipe.py" />
            <source>Refine what another plugin made</source>
            <translation>Verfeinern, was ein anderes Plugin gemacht hat</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/recipe.py" />
            <source>Put footprints onto my image</source>
            <translation>Gebäudegrundrisse auf mein Bild legen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/recipe.py" />
            <source>Land cover of a municipality</source>
            <translation>Landbedeckung einer Gemeinde</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/recipe.py" />
            <source>What changed since the last flight</source>
            <translation>Was sich seit der letzten Befliegung geändert hat</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/recipe.py" />
            <source>Recipes</source>
            <translation>Rezepte</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Refine boundaries of a classification</source>
            <translation>Grenzen einer Klassifikation verfeinern</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>refine,boundary,outline,correct,improve,shift,align,diffusion,classification,land cover,building,ai</source>
            <translation>verfeinern,Grenze,Umriss,berichtigen,verbessern,verschieben,ausrichten,Diffusion,Klassifikation,Landbedeckung,Gebäude,KI</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Moves the boundaries of any class raster or polygon layer to where an image shows them.</source>
            <translation>Verschiebt die Grenzen eines beliebigen Klassenrasters oder Polygonlayers dorthin, wo ein Bild sie zeigt.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Moves the boundaries of any classification to where the image shows them. A diffusion model looks at both; nothing is trained. Only a band along boundaries can change, and a pixel can only become a class that occurs within the band's width of it. Everything else stays as it was, pixel for pixel.

The refiner first estimates from samples how exact the classification is. An exact one is hardly changed. The more labels along boundaries it disagrees with, the more freely boundaries move. In images with small pixels, it starts on a coarser grid.

A class raster may have any grid, any coordinate system and up to 255 integer values. The output raster keeps values, colours and names. In one tile of the image, the 16 most common classes take part. The others stay as they are, with a warning.

Polygons are rasterized onto the pixels of the image. Where they overlap, the smaller one counts. Around objects such as buildings, ground without a polygon is background: it takes part, but gets no polygons. Between the polygons of a coverage, such as land cover, it is a gap: it has no class and stays so unless gaps are filled. The outlines decide: if most of their length borders uncovered ground, it is background. Strips of up to two pixels between two polygons are always gaps. Nodata of a raster has no class.

Polygons have the fields class_id, class, confidence (0…1), area_m2, perim_m (ellipsoidal) and moved_m. The last one is the mean distance of the outline from where its class ended before, in metres on the ground. With samples, they also have uncertain, the mean uncertainty of the outline (0…1). A polygon keeps the attributes of the polygon of the layer that it continues, and so do several pieces of one. Touching polygons of one class are joined, unless touching objects are kept apart. Without a single origin, attributes are empty.

The IDGBR backend does the work in a separate process. Set it up in Settings ▸ Options ▸ IDGBR.</source>
            <translation>Verschiebt die Grenzen einer beliebigen Klassifikation dorthin, wo das Bild sie zeigt. Ein Diffusionsmodell sieht sich beides an; nichts wird trainiert. Nur ein Band entlang der Grenzen kann sich ändern, und ein Pixel kann nur eine Klasse annehmen, die innerhalb der Bandbreite vorkommt. Alles Übrige bleibt Pixel für Pixel, wie es war.

Der Verfeinerer schätzt zuerst anhand von Stichproben, wie genau die Klassifikation ist. Eine genaue wird kaum verändert. Je mehr Klassen entlang der Grenzen er anders sieht, desto freier bewegen sich die Grenzen. In Bildern mit kleinen Pixeln beginnt er auf einem gröberen Gitter.

Ein Klassenraster darf jedes Gitter, jedes Koordinatensystem und bis zu 255 ganzzahlige Werte haben. Das ausgegebene Raster behält Werte, Farben und Namen. In einer Kachel des Bildes nehmen die 16 häufigsten Klassen teil. Die übrigen bleiben, wie sie sind, mit einer Warnung.

Polygone werden auf die Pixel des Bildes gerastert. Wo sie sich überlappen, zählt das kleinere. Rings um Objekte wie Gebäude ist Boden ohne Polygon Hintergrund: Er nimmt teil, bekommt aber keine Polygone. Zwischen den Polygonen einer lückenlosen Bedeckung, etwa einer Landbedeckung, ist er eine Lücke: Er hat keine Klasse und behält keine, wenn Lücken nicht gefüllt werden. Die Umrisse entscheiden: Grenzt der größte Teil ihrer Länge an unbedeckten Boden, ist es Hintergrund. Streifen von bis zu zwei Pixeln zwischen zwei Polygonen sind immer Lücken. Nodata eines Rasters hat keine Klasse.

Die Polygone haben die Felder class_id, class, confidence (0…1), area_m2, perim_m (ellipsoidisch) und moved_m. Letzteres ist der mittlere Abstand des Umrisses von dort, wo seine Klasse zuvor endete, in Metern auf dem Boden. Mit Stichproben haben sie auch uncertain, die mittlere Unsicherheit des Umrisses (0…1). Ein Polygon behält die Attribute des Polygons des Layers, das es fortsetzt, ebenso mehrere Stücke davon. Sich berührende Polygone einer Klasse werden verbunden, wenn sich berührende Objekte nicht getrennt bleiben sollen. Ohne einzelnen Ursprung sind Attribute leer.

Die Arbeit erledigt das IDGBR-Backend in einem eigenen Prozess. Richten Sie es unter Einstellungen ▸ Optionen ▸ IDGBR ein.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Orthophoto or satellite image that shows the boundaries: a file, or a web map (then choose an extent).</source>
            <translation>Orthofoto oder Satellitenbild, das die Grenzen zeigt: eine Datei oder eine Webkarte (dann wählen Sie eine Ausdehnung).</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Class raster or polygon layer, in any coordinate system, whose boundaries are roughly right. A layer can be limited to its selected features.</source>
            <translation>Klassenraster oder Polygonlayer, in beliebigem Koordinatensystem, dessen Grenzen ungefähr stimmen. Ein Layer lässt sich auf die ausgewählten Objekte beschränken.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Field of the polygon layer that holds the class (text or integer). Leave it empty if all polygons have the same class.</source>
            <translation>Feld des Polygonlayers, das die Klasse enthält (Text oder ganze Zahl). Leer, wenn alle Polygone dieselbe Klasse haben.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>First move the polygons of a misplaced layer, by up to 8 m, to where the image shows them, as the algorithm Align polygons with an image does. For layers of buildings.</source>
            <translation>Verschiebt die Polygone eines versetzten Layers zuerst um bis zu 8 m dorthin, wo das Bild sie zeigt, wie der Algorithmus Polygone an einem Bild ausrichten. Für Layer von Gebäuden.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Area to process, in any coordinate system; empty for the whole image.</source>
            <translation>Gebiet, das bearbeitet wird, in beliebigem Koordinatensystem; leer für das ganze Bild.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Background</source>
            <translation>Hintergrund</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Whether ground without a class takes part as background. yes: it does. no: it stays as it is. auto: it does if the polygons are single objects, not a coverage.</source>
            <translation>Ob Boden ohne Klasse als Hintergrund teilnimmt. yes: ja. no: Er bleibt, wie er ist. auto: ja, wenn die Polygone einzelne Objekte sind und nicht den Boden lückenlos bedecken.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Before refining, give gaps of up to 32 pixels the class beside them. Wider ground without a class stays as it is.</source>
            <translation>Vor dem Verfeinern Lücken von bis zu 32 Pixeln die Klasse neben ihnen geben. Breiterer Boden ohne Klasse bleibt, wie er ist.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>How far boundaries may move at most. 0: the width that the refiner was calibrated with.</source>
            <translation>Wie weit sich Grenzen höchstens verschieben dürfen. 0: die Breite, mit der der Verfeinerer kalibriert wurde.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Touching polygons of the layer stay polygons of their own; their shared walls stay where they are. In a class raster, the model buildings parts classes that are buildings. The field object_id numbers the objects.</source>
            <translation>Sich berührende Polygone des Layers bleiben eigene Polygone; ihre gemeinsamen Wände bleiben, wo sie sind. In einem Klassenraster trennt das Modell buildings Klassen, die Gebäude sind. Das Feld object_id nummeriert die Objekte.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>{before} → {after}: {pixels} pixels, {area} m²</source>
            <translation>{before} → {after}: {pixels} Pixel, {area} m²</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Classification</source>
            <translation>Klassifikation</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Fill gaps</source>
            <translation>Lücken füllen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Band width (pixels)</source>
            <translation>Bandbreite (Pixel)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Keep touching objects apart</source>
            <translation>Sich berührende Objekte getrennt lassen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Pixels that changed class</source>
            <translation>Pixel, die die Klasse wechselten</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Fraction of the boundary that moved</source>
            <translation>Anteil der Grenze, der sich verschob</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Mean displacement of the boundary (m)</source>
            <translation>Mittlere Verschiebung der Grenze (m)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>95th percentile of the displacement (m)</source>
            <translation>95. Perzentil der Verschiebung (m)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Fraction of labels along boundaries that the refiner disagrees with</source>
            <translation>Anteil der Klassen entlang der Grenzen, die der Verfeinerer anders sieht</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Only polygons can be aligned; choose a polygon layer, or do not align it.</source>
            <translation>Nur Polygone können ausgerichtet werden; wählen Sie einen Polygonlayer, oder richten Sie nicht aus.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/regularize.py" />
            <source>Regularize polygons</source>
            <translation>Polygone regularisieren</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/regularize.py" />
            <source>Gives buildings of any polygon layer regular outlines; neighbours keep their shared walls.</source>
            <translation>Gibt Gebäuden jedes Polygonlayers regelmäßige Umrisse; Nachbarn behalten ihre gemeinsamen Wände.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/regularize.py" />
            <source>Gives the polygons of a layer from any tool regular outlines, such as right angles for buildings. Each object has its own main directions, several for wings, weighed against those of its neighbours. Courtyards follow. Walls that two polygons share stay shared. No outline moves farther than the tolerance, and one that would change too much stays as it is.

Attributes are kept. Angles and distances are those on the ground, in any coordinate system. Polygons in three dimensions are written in two.

The IDGBR backend does the work in a separate process. Set it up in Settings ▸ Options ▸ IDGBR.</source>
            <translation>Gibt den Polygonen eines Layers aus einem beliebigen Werkzeug regelmäßige Umrisse, etwa rechte Winkel für Gebäude. Jedes Objekt hat eigene Hauptrichtungen, bei Flügeln mehrere; sie werden gegen die der Nachbarn abgewogen. Innenhöfe folgen. Wände, die sich zwei Polygone teilen, bleiben gemeinsam. Kein Umriss verschiebt sich weiter als die Toleranz, und einer, der sich zu sehr ändern würde, bleibt, wie er ist.

Attribute bleiben erhalten. Winkel und Abstände sind die am Boden, in jedem Koordinatensystem. Dreidimensionale Polygone werden zweidimensional geschrieben.

Die Arbeit erledigt das IDGBR-Backend in einem eigenen Prozess. Richten Sie es unter Einstellungen ▸ Optionen ▸ IDGBR ein.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/regularize.py" />
            <source>Polygon layer of any origin. If only its selected features are used, the others are left out.</source>
            <translation>Polygonlayer beliebiger Herkunft. Werden nur die gewählten Objekte verwendet, fehlen die anderen im Ergebnis.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/regularize.py" />
            <source>Right angles, right angles and diagonals, circles for tanks and silos, or auto, the shape that fits each object.</source>
            <translation>Rechte Winkel, rechte Winkel und Diagonalen, Kreise für Tanks und Silos oder auto: die Form, die zum jeweiligen Objekt passt.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/regularize.py" />
            <source>Tolerance (m)</source>
            <translation>Toleranz (m)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/regularize.py" />
            <source>How far an outline may move. Walls shorter than three quarters of it are removed.</source>
            <translation>Wie weit sich ein Umriss verschieben darf. Wände, die kürzer als drei Viertel davon sind, entfallen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/regularize.py" />
            <source>The same features with regular outlines, in any format that the plugin writes.</source>
            <translation>Dieselben Objekte mit regelmäßigen Umrissen, in jedem Format, das die Erweiterung schreibt.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/regularize.py" />
            <source>square,orthogonalize,right angles,buildings,footprints,outlines,circles,silos,simplify</source>
            <translation>begradigen,orthogonal,rechte Winkel,Gebäude,Grundrisse,Umrisse,Kreise,Silos,vereinfachen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/regularize.py" />
            <source>Method</source>
            <translation>Methode</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/regularize.py" />
            <source>Regular polygons</source>
            <translation>Regelmäßige Polygone</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/regularize.py" />
            <source>Polygons with a new outline</source>
            <translation>Polygone mit neuem Umriss</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Segment image</source>
            <translation>Bild segmentieren</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>segmentation,semantic,ai,deep learning,diffusion,refine,boundary,building,roof,land cover,polygonize</source>
            <translation>Segmentierung,semantisch,KI,Deep Learning,Diffusion,verfeinern,Grenze,Gebäude,Dach,Landbedeckung,polygonisieren</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Segments an image with a model, refines the boundaries and writes polygons by class.</source>
            <translation>Segmentiert ein Bild mit einem Modell, verfeinert die Grenzen und schreibt Polygone nach Klassen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Segments an orthophoto or satellite image into classes and refines the boundaries with a diffusion model. Writes valid polygons that meet without gaps or overlaps.

The IDGBR backend does the work in a separate process. Set it up in Settings ▸ Options ▸ IDGBR. Local rasters are read in place. Web maps and layers in memory are first exported for the extent.

Polygons have the fields class_id, class, confidence (0…1), area_m2 and perim_m (ellipsoidal). With samples, they also have uncertain, the mean uncertainty of their boundary (0…1). With parted objects, object_id numbers them.</source>
            <translation>Segmentiert ein Orthofoto oder Satellitenbild in Klassen und verfeinert die Grenzen mit einem Diffusionsmodell. Schreibt gültige Polygone, die ohne Lücken oder Überlappungen aneinandergrenzen.

Die Arbeit erledigt das IDGBR-Backend in einem eigenen Prozess. Richten Sie es unter Einstellungen ▸ Optionen ▸ IDGBR ein. Lokale Raster werden direkt gelesen. Webkarten und Layer im Speicher werden zuerst für die Ausdehnung exportiert.

Die Polygone haben die Felder class_id, class, confidence (0…1), area_m2 und perim_m (ellipsoidisch). Mit Stichproben haben sie auch uncertain, die mittlere Unsicherheit ihrer Grenze (0…1). Bei getrennten Objekten nummeriert object_id sie.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Orthophoto or satellite image: a file, or a web map (then choose an extent).</source>
            <translation>Orthofoto oder Satellitenbild: eine Datei oder eine Webkarte (dann wählen Sie eine Ausdehnung).</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Area to segment, in any coordinate system; empty for the whole image.</source>
            <translation>Gebiet, das segmentiert wird, in beliebigem Koordinatensystem; leer für das ganze Bild.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Limits the result to these polygons, or to the selected ones.</source>
            <translation>Beschränkt das Ergebnis auf diese Polygone oder auf die ausgewählten.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Id of a model (buildings, landcover), the folder of a model, or an .onnx file.</source>
            <translation>Id eines Modells (buildings, landcover), der Ordner eines Modells oder eine .onnx-Datei.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Refine the boundaries of the coarse segmentation with the diffusion refiner.</source>
            <translation>Grenzen der groben Segmentierung mit dem Diffusionsverfeinerer berichtigen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Give touching objects, such as row houses, polygons of their own with shared walls. The field object_id numbers them. The model must find where objects meet, as buildings does.</source>
            <translation>Sich berührende Objekte wie Reihenhäuser bekommen eigene Polygone mit gemeinsamen Wänden. Das Feld object_id nummeriert sie. Das Modell muss finden, wo Objekte aneinanderstoßen, wie buildings es tut.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Mask polygons</source>
            <translation>Maskenpolygone</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Part touching objects</source>
            <translation>Sich berührende Objekte trennen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Give objects such as buildings regular outlines: right angles, right angles and diagonals, circles for tanks and silos, or auto, the shape that fits each object. An outline that would change too much stays.</source>
            <translation>Gibt Objekten wie Gebäuden regelmäßige Umrisse: rechte Winkel, rechte Winkel und Diagonalen, Kreise für Tanks und Silos oder auto: die Form, die zum jeweiligen Objekt passt. Ein Umriss, der sich zu sehr ändern würde, bleibt.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>What to do if a block of the image cannot be read: stop with an error, or treat it as nodata.</source>
            <translation>Was zu tun ist, wenn ein Block des Bildes nicht gelesen werden kann: mit einem Fehler anhalten oder ihn als Nodata behandeln.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Minimum area (m²)</source>
            <translation>Mindestfläche (m²)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Simplification (pixels)</source>
            <translation>Vereinfachung (Pixel)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Smaller polygons and holes are merged into their surroundings.</source>
            <translation>Kleinere Polygone und Löcher gehen in ihrer Umgebung auf.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>How far a boundary may be from its position in the class raster. 0 keeps every pixel step.</source>
            <translation>Wie weit eine Grenze von ihrer Lage im Klassenraster entfernt sein darf. 0 behält jede Pixelstufe.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Square right angles</source>
            <translation>Rechte Winkel begradigen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Former name of regular outlines with right angles, for older models and scripts.</source>
            <translation>Früherer Name für regelmäßige Umrisse mit rechten Winkeln, für ältere Modelle und Skripte.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Number of diffusion steps. With more steps, boundaries can move farther, and the job takes longer. 0: the refiner’s default.</source>
            <translation>Zahl der Diffusionsschritte. Mit mehr Schritten können sich Grenzen weiter bewegen, und der Auftrag dauert länger. 0: die Vorgabe des Verfeinerers.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Number of refiner samples used to estimate how uncertain boundaries are. Polygons get the field uncertain. One sample costs no extra time. Four rank errors slightly better, and each takes as long as the refinement. 0: off, or 1 if an uncertainty raster is requested.</source>
            <translation>Zahl der Stichproben des Verfeinerers, mit denen die Unsicherheit der Grenzen geschätzt wird. Polygone bekommen das Feld uncertain. Eine Stichprobe kostet keine zusätzliche Zeit. Vier ordnen Fehler etwas besser, und jede dauert so lange wie die Verfeinerung. 0: keine, oder 1, wenn ein Unsicherheitsraster verlangt ist.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>What to do if a block of the image cannot be read: stop with an error that names the block, or treat it as nodata. A stopped job resumes with the other choice.</source>
            <translation>Was zu tun ist, wenn ein Block des Bildes nicht gelesen werden kann: mit einem Fehler anhalten, der den Block nennt, oder ihn als Nodata behandeln. Ein angehaltener Auftrag wird mit der anderen Wahl fortgesetzt.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>auto uses the GPU if possible. cpu, cuda or cuda:1 require that device and fail without it.</source>
            <translation>auto verwendet die GPU, wenn möglich. cpu, cuda oder cuda:1 verlangen dieses Gerät und schlagen ohne es fehl.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Probability (0–1) that a pixel is of another class than the one it was given, according to the refiner, as GeoTIFF. 0 outside the refined band along boundaries.</source>
            <translation>Wahrscheinlichkeit (0–1) nach dem Verfeinerer, dass ein Pixel zu einer anderen Klasse gehört als der zugewiesenen, als GeoTIFF. 0 außerhalb des verfeinerten Bandes entlang der Grenzen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Polygons by class as GeoPackage, Shapefile, GeoJSON, FlatGeobuf, or GeoParquet if QGIS can open it.</source>
            <translation>Polygone nach Klassen als GeoPackage, Shapefile, GeoJSON, FlatGeobuf oder GeoParquet, wenn QGIS es öffnen kann.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>With model, it is what the model recommends: auto for buildings, none for land cover.</source>
            <translation>Bei model gilt, was das Modell empfiehlt: auto für Gebäude, none für Landbedeckung.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Regular outlines</source>
            <translation>Regelmäßige Umrisse</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Refinement steps</source>
            <translation>Verfeinerungsschritte</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Samples for uncertainty</source>
            <translation>Stichproben für die Unsicherheit</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Damaged blocks</source>
            <translation>Beschädigte Blöcke</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Class of each pixel on the grid of the image, as GeoTIFF.</source>
            <translation>Klasse jedes Pixels auf dem Gitter des Bildes, als GeoTIFF.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Confidence of each pixel's class (0–1), as GeoTIFF.</source>
            <translation>Konfidenz der Klasse jedes Pixels, 0 bis 1, als GeoTIFF.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/track_changes.py" />
            <source>Track changes over several dates</source>
            <translation>Änderungen über mehrere Zeitpunkte verfolgen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/track_changes.py" />
            <source>Finds when buildings were first and last seen in images of several dates.</source>
            <translation>Findet, wann Gebäude in Bildern mehrerer Zeitpunkte zum ersten und zum letzten Mal zu sehen sind.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/track_changes.py" />
            <source>Compares each image with the next one in time, like the algorithm Detect changes, and joins the results. The polygons are the buildings that were not there all the time.

The date of an image is the one in the name of its file: ortho_2020.tif or ortho_2020-05-31.tif. If a layer has to be exported, its own name counts. A building that disappears is matched with one that appeared there earlier if both overlap by half of their union. Modified buildings are left out.

The IDGBR backend does the work in a separate process. Set it up in Settings ▸ Options ▸ IDGBR. Run a stopped job again to resume it.

Polygons have the fields first_seen, last_seen, confidence (0…1) and area_m2. first_seen is empty if the building was there at the first date, last_seen if it is still there at the last one.</source>
            <translation>Vergleicht jedes Bild mit dem zeitlich nächsten, wie der Algorithmus Änderungen erkennen, und fügt die Ergebnisse zusammen. Die Polygone sind die Gebäude, die nicht die ganze Zeit da waren.

Das Datum eines Bildes ist das im Namen seiner Datei: ortho_2020.tif oder ortho_2020-05-31.tif. Muss ein Layer exportiert werden, zählt sein eigener Name. Ein Gebäude, das verschwindet, wird einem zugeordnet, das dort früher entstand, wenn beide sich um die Hälfte ihrer Vereinigung überlappen. Veränderte Gebäude bleiben weg.

Die Arbeit erledigt das IDGBR-Backend in einem eigenen Prozess. Richten Sie es unter Einstellungen ▸ Optionen ▸ IDGBR ein. Starten Sie einen angehaltenen Auftrag noch einmal, um ihn fortzusetzen.

Die Polygone haben die Felder first_seen, last_seen, confidence (0…1) und area_m2. first_seen ist leer, wenn das Gebäude am ersten Zeitpunkt schon da war, last_seen, wenn es am letzten noch da ist.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/track_changes.py" />
            <source>Images of one place with dates in their names, in any order and on any grids.</source>
            <translation>Bilder eines Ortes mit dem Datum im Namen, in beliebiger Reihenfolge und auf beliebigen Gittern.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/track_changes.py" />
            <source>appeared</source>
            <translation>entstanden</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/track_changes.py" />
            <source>disappeared</source>
            <translation>verschwunden</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/track_changes.py" />
            <source>appeared and disappeared</source>
            <translation>entstanden und verschwunden</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/track_changes.py" />
            <source>change detection,time series,history,first seen,last seen,building,monitoring,dates</source>
            <translation>Änderungserkennung,Zeitreihe,Geschichte,zuerst gesehen,zuletzt gesehen,Gebäude,Beobachtung,Zeitpunkte</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/track_changes.py" />
            <source>Buildings that appeared</source>
            <translation>Entstandene Gebäude</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/track_changes.py" />
            <source>Buildings that disappeared</source>
            <translation>Verschwundene Gebäude</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Train a model for your own classes</source>
            <translation>Modell für eigene Klassen trainieren</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Makes a model for your own classes from labels drawn on images.</source>
            <translation>Macht ein Modell für eigene Klassen aus Beispielen, die auf Bildern gezeichnet sind.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Makes a model for your own classes from polygons, lines or points with a class. The algorithm Segment image takes it at once.

quick needs a minute and a few labels: five of each class are a start. It fits a small network to features of the image. segment trains a network in full. It needs many labels, hours on a processor, and the extra packages of the backend for training (torch).

Label every kind of ground, or the model has to give it one of your classes. Draw within objects, not across their boundaries. The colours of the classes are those of the layer’s style. The card of the model gives its accuracy on labels that took no part, by image or by block of ground.

The IDGBR backend does the work in a separate process. Set it up in Settings ▸ Options ▸ IDGBR.</source>
            <translation>Macht ein Modell für eigene Klassen aus Polygonen, Linien oder Punkten mit einer Klasse. Der Algorithmus Bild segmentieren nimmt es sofort an.

quick braucht eine Minute und wenige Beispiele: fünf je Klasse sind ein Anfang. Es passt ein kleines Netz an Merkmale des Bildes an. segment trainiert ein ganzes Netz. Es braucht viele Beispiele, auf einem Prozessor Stunden, und die zusätzlichen Pakete des Backends für das Training (torch).

Zeichnen Sie für jede Art von Boden Beispiele, sonst muss das Modell ihr eine Ihrer Klassen geben. Zeichnen Sie innerhalb von Objekten, nicht über ihre Grenzen. Die Farben der Klassen sind die des Layerstils. Die Karte des Modells nennt die Genauigkeit an Beispielen, die nicht teilnahmen, nach Bild oder nach Bodenblock.

Das IDGBR-Backend arbeitet in einem eigenen Prozess. Richten Sie es unter Einstellungen ▸ Optionen ▸ IDGBR ein.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Orthophoto or satellite image with labels, with 1 to 12 bands of any type.</source>
            <translation>Orthofoto oder Satellitenbild mit Beispielen, mit 1 bis 12 Kanälen beliebigen Typs.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Layer of polygons, lines or points with a class each, or a class raster, in any coordinate system.</source>
            <translation>Layer mit Polygonen, Linien oder Punkten mit je einer Klasse, oder ein Klassenraster, in beliebigem Koordinatensystem.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Field of the labels with the class (text or integer). Empty: the field class or class_id.</source>
            <translation>Feld der Beispiele mit der Klasse (Text oder Ganzzahl). Leer: das Feld class oder class_id.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>quick: fitted to a few labels in a minute. segment: a network trained in full.</source>
            <translation>quick: in einer Minute an wenige Beispiele angepasst. segment: ein vollständig trainiertes Netz.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Class that gets no polygons, such as the ground around objects.</source>
            <translation>Klasse, die keine Polygone bekommt, etwa der Boden um Objekte.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Id under which the model is added to your models, so that lists show it. Empty: it is not added.</source>
            <translation>Kennung, unter der das Modell zu Ihren Modellen hinzugefügt wird, sodass Listen es zeigen. Leer: es wird nicht hinzugefügt.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Report of the task segment, in one file: the curves of the training, while it runs, and the validation at its end.</source>
            <translation>Bericht der Aufgabe segment, in einer Datei: die Kurven des Trainings, während es läuft, und die Validierung an seinem Ende.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Images with the same bands. A model of several images carries over better to others.</source>
            <translation>Bilder mit denselben Kanälen. Ein Modell aus mehreren Bildern überträgt sich besser auf andere.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>A layer for each further image, in their order. Empty: one layer has the labels of all images.</source>
            <translation>Ein Layer für jedes weitere Bild, in deren Reihenfolge. Leer: ein Layer enthält die Beispiele aller Bilder.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Labels inside these polygons, or the selected ones, are not used.</source>
            <translation>Beispiele innerhalb dieser oder der gewählten Polygone werden nicht verwendet.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Network</source>
            <translation>Netz</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Network of the task segment: the shared backbone, fine-tuned or frozen, a compact U-Net, HRNetV2, or HRNetV2 with a diffusion prior.</source>
            <translation>Netz der Aufgabe segment: das gemeinsame Backbone, nachtrainiert oder eingefroren, ein kompaktes U-Net, HRNetV2 oder HRNetV2 mit Diffusions-Prior.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Id or folder of a prior, for diff-hrnet.</source>
            <translation>Kennung oder Ordner eines Priors, für diff-hrnet.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Channels of the finest branch: 18 for two cores; 32 or 48 for a GPU.</source>
            <translation>Kanäle des feinsten Zweigs: 18 für zwei Kerne; 32 oder 48 für eine GPU.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Ground without a label</source>
            <translation>Boden ohne Beispiel</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>How ground without a label counts in the task segment: not at all, or as background.</source>
            <translation>Wie Boden ohne Beispiel in der Aufgabe segment zählt: gar nicht oder als Hintergrund.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Let rare classes weigh more in the task segment.</source>
            <translation>Seltene Klassen in der Aufgabe segment stärker gewichten.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>train,model,classes,labels,classification,deep learning,supervised,random forest,samples</source>
            <translation>trainieren,Modell,Klassen,Beispiele,Klassifikation,Deep Learning,überwacht,Random Forest,Trainingsgebiete</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Background class</source>
            <translation>Hintergrundklasse</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Add to your models as</source>
            <translation>Zu Ihren Modellen hinzufügen als</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Id of the model</source>
            <translation>Kennung des Modells</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Mean IoU of labels that took no part</source>
            <translation>Mittlere IoU der Beispiele, die nicht teilnahmen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Further images</source>
            <translation>Weitere Bilder</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Labels of further images</source>
            <translation>Beispiele der weiteren Bilder</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Ignored areas</source>
            <translation>Ignorierte Gebiete</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Diffusion prior</source>
            <translation>Diffusions-Prior</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Width of HRNet</source>
            <translation>Breite von HRNet</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Class weights</source>
            <translation>Klassengewichte</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/training.py" />
            <source>Your own models</source>
            <translation>Eigene Modelle</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/training.py" />
            <source>Bands that the network reads, from 1, such as 4,1,2. Empty: all, up to 12.</source>
            <translation>Kanäle, die das Netz liest, ab 1, etwa 4,1,2. Leer: alle, bis zu 12.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/training.py" />
            <source>Most training steps.</source>
            <translation>Höchste Zahl von Trainingsschritten.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/training.py" />
            <source>Most minutes of training. 0: no limit.</source>
            <translation>Höchste Dauer des Trainings in Minuten. 0: keine Grenze.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/training.py" />
            <source>Fewer are used if memory runs out.</source>
            <translation>Wenn der Speicher nicht reicht, werden es weniger.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/training.py" />
            <source>A multiple of 32.</source>
            <translation>Ein Vielfaches von 32.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/training.py" />
            <source>Number that the random choices start from.</source>
            <translation>Zahl, mit der die zufällige Auswahl beginnt.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/training.py" />
            <source>Title of the model in lists. Empty: the name of its folder.</source>
            <translation>Titel des Modells in Listen. Leer: der Name seines Ordners.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/training.py" />
            <source>Folder of the model to write; its name is the id of the model.</source>
            <translation>Ordner für das Modell; sein Name ist die ID des Modells.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/training.py" />
            <source>Bands</source>
            <translation>Kanäle</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/training.py" />
            <source>Training steps</source>
            <translation>Trainingsschritte</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/training.py" />
            <source>Minutes</source>
            <translation>Minuten</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/training.py" />
            <source>Crops per step</source>
            <translation>Ausschnitte je Schritt</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/training.py" />
            <source>Side of a crop (pixels)</source>
            <translation>Seite eines Ausschnitts (Pixel)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/training.py" />
            <source>Seed</source>
            <translation>Startwert</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/training.py" />
            <source>Title</source>
            <translation>Titel</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/training.py" />
            <source>Model folder</source>
            <translation>Modellordner</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Vectorize class raster</source>
            <translation>Klassenraster vektorisieren</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Turns a class raster into smooth polygons that meet without gaps or overlaps.</source>
            <translation>Macht aus einem Klassenraster glatte Polygone, die ohne Lücken oder Überlappungen aneinandergrenzen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Turns a class raster from any tool into polygons. Boundaries do not follow the pixel steps; they run where the steps suggest them. Boundaries between neighbours are fitted once, so there are no gaps and no overlaps. Nodata stays empty. Rasters of any size are read in strips.

The IDGBR backend does the work in a separate process. Set it up in Settings ▸ Options ▸ IDGBR.

Polygons have the fields class_id, class, confidence (0…1), area_m2 and perim_m (ellipsoidal).</source>
            <translation>Macht aus einem Klassenraster beliebiger Herkunft Polygone. Grenzen folgen nicht den Pixelstufen; sie verlaufen, wo die Stufen sie nahelegen. Grenzen zwischen Nachbarn werden einmal angepasst, also gibt es keine Lücken und keine Überlappungen. Nodata bleibt leer. Raster jeder Größe werden in Streifen gelesen.

Die Arbeit erledigt das IDGBR-Backend in einem eigenen Prozess. Richten Sie es unter Einstellungen ▸ Optionen ▸ IDGBR ein.

Die Polygone haben die Felder class_id, class, confidence (0…1), area_m2 und perim_m (ellipsoidisch).</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Raster of class numbers: any integers, up to 255 different ones. Nodata gets no polygons.</source>
            <translation>Raster mit Klassennummern: beliebige ganze Zahlen, bis zu 255 verschiedene. Nodata bekommt keine Polygone.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Confidence of each pixel's class (0–1) on the same grid. It fills the field confidence.</source>
            <translation>Konfidenz der Klasse jedes Pixels, 0 bis 1, auf demselben Gitter: füllt das Feld confidence.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Round the boundaries, for features without corners such as water or forest.</source>
            <translation>Grenzen runden, für Dinge ohne Ecken wie Wasser oder Wald.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>polygonize,polygons,coverage,simplify,smooth,classification,topology,gaps,square,regularize</source>
            <translation>polygonisieren,Polygone,Abdeckung,vereinfachen,glätten,Klassifikation,Topologie,Lücken,rechtwinklig,regularisieren</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Smooth curves</source>
            <translation>Glatte Kurven</translation>
        </message>
    </context>
</TS>
