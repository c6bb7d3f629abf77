<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es" sourcelanguage="en">
    <context>
        <name>IDGBR</name>
        <message>
            <location filename="idgbr_qgis/core/area.py" />
            <source>Nothing is selected in {layer}; select polygons or choose another area.</source>
            <translation>No hay nada seleccionado en {layer}; seleccione polígonos o elija otra zona.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/area.py" />
            <source>The area is empty; draw a rectangle on the image.</source>
            <translation>La zona está vacía; dibuje un rectángulo sobre la imagen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/area.py" />
            <source>The area holds no polygons; choose another one.</source>
            <translation>La zona no contiene polígonos; elija otra.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/backend_client.py" />
            <source>The backend speaks protocol {theirs}, this plugin {ours}: update the IDGBR plugin.</source>
            <translation>El motor habla el protocolo {theirs} y este complemento el {ours}: actualice el complemento IDGBR.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/backend_client.py" />
            <source>The backend speaks protocol {theirs}, this plugin {ours}: update the backend.</source>
            <translation>El motor habla el protocolo {theirs} y este complemento el {ours}: actualice el motor.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/backend_client.py" />
            <source>The backend did not answer within {seconds:.0f} s; test it in Settings ▸ Options ▸ IDGBR.</source>
            <translation>El motor no respondió en {seconds:.0f} s; pruébelo en Configuración ▸ Opciones ▸ IDGBR.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/backend_client.py" />
            <location filename="idgbr_qgis/core/layers.py" />
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <location filename="idgbr_qgis/gui/backend_check.py" />
            <location filename="idgbr_qgis/gui/own_classes/save_bar.py" />
            <source>Cancelled.</source>
            <translation>Cancelado.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/backend_client.py" />
            <source>Cancelled. The backend did not stop in time and was terminated.</source>
            <translation>Cancelado. El motor no se detuvo a tiempo y se terminó.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/backend_client.py" />
            <source>The backend crashed (signal {code}).</source>
            <translation>El motor falló de forma inesperada (señal {code}).</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/backend_client.py" />
            <source>The backend ended with exit status {code}.</source>
            <translation>El motor terminó con el estado de salida {code}.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/backend_client.py" />
            <source>The backend could not be started: {program}: {reason}; check Settings ▸ Options ▸ IDGBR.</source>
            <translation>No se pudo iniciar el motor: {program}: {reason}; revise Configuración ▸ Opciones ▸ IDGBR.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/chosen_features.py" />
            <source>Nothing is selected in {layer}; select polygons, or use all features.</source>
            <translation>No hay nada seleccionado en {layer}; seleccione polígonos o use todos los objetos.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/estimate.py" />
            <source>{layer} would need a download of {n} million pixels, which is too much; choose a smaller area.</source>
            <translation>Habría que descargar {layer} con {n} millones de píxeles, y es demasiado; elija una zona más pequeña.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/estimate.py" />
            <source>The location of {layer} on the ground is unknown; check its coordinate system.</source>
            <translation>No se conoce la posición de {layer} sobre el terreno; revise su sistema de coordenadas.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/extents.py" />
            <source>The extent does not overlap the raster {layer}; draw it on the raster.</source>
            <translation>La extensión no se superpone con el ráster {layer}; dibújela sobre el ráster.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/extents.py" />
            <source>The extent is empty; draw a rectangle on the raster.</source>
            <translation>La extensión está vacía; dibuje un rectángulo sobre el ráster.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/extents.py" />
            <source>The extent cannot be transformed to {crs}; draw it on the raster.</source>
            <translation>La extensión no se puede transformar a {crs}; dibújela sobre el ráster.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/extents.py" />
            <source>{layer} has no coordinate system.</source>
            <translation>{layer} no tiene sistema de coordenadas.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/job_plan.py" />
            <source>{path} is open in another program; close it there, or choose another file.</source>
            <translation>{path} está abierto en otro programa; ciérrelo allí o elija otro archivo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/job_plan.py" />
            <source>{path} cannot be written: it is open in another program, or protected; choose another file.</source>
            <translation>No se puede escribir {path}: está abierto en otro programa o protegido; elija otro archivo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/job_plan.py" />
            <source>Choose the class raster or polygon layer to refine.</source>
            <translation>Elija el ráster de clases o la capa de polígonos que se va a refinar.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/job_plan.py" />
            <source>The image and the layer to refine are the same; choose another one.</source>
            <translation>La imagen y la capa que se va a refinar son la misma; elija otra.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/job_plan.py" />
            <source>Choose another image for the later date.</source>
            <translation>Elija otra imagen para la fecha posterior.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/job_plan.py" />
            <source>Another job in the queue writes {path}; choose another file.</source>
            <translation>Otro trabajo de la cola escribe {path}; elija otro archivo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/job_plan.py" />
            <source>{path} is open in this project as {layer}; choose another file, or remove the layer.</source>
            <translation>{path} está abierto en este proyecto como {layer}; elija otro archivo o quite la capa.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/jobs_queue.py" />
            <source>Waiting</source>
            <translation>En espera</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/jobs_queue.py" />
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Cancelling…</source>
            <translation>Cancelando…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/jobs_queue.py" />
            <location filename="idgbr_qgis/gui/health_line.py" />
            <location filename="idgbr_qgis/gui/options.py" />
            <source>Starting the backend…</source>
            <translation>Iniciando el motor…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/jobs_queue.py" />
            <source>The job failed; its log says more.</source>
            <translation>El trabajo ha fallado; su registro dice más.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/jobs_queue.py" />
            <source>The algorithm {name} is not there; enable IDGBR in the plugin manager.</source>
            <translation>El algoritmo {name} no está disponible; active IDGBR en el administrador de complementos.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layer_settings.py" />
            <source>{layer}: bands {bands} are read as red, green and blue, as set in QGIS for the layer.</source>
            <translation>{layer}: las bandas {bands} se leen como rojo, verde y azul, según lo definido en QGIS para la capa.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layer_settings.py" />
            <source>{layer}: band {band} is read, as set in QGIS for the layer.</source>
            <translation>{layer}: se lee la banda {band}, según lo definido en QGIS para la capa.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>{layer}: nodata as set in QGIS for the layer: {value}.</source>
            <translation>{layer}: valor sin datos según lo configurado en QGIS para la capa: {value}.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>Exporting {layer}: {columns} × {rows} pixels.</source>
            <translation>Exportando {layer}: {columns} × {rows} píxeles.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>The raster {layer} cannot be exported to {path}: {reason}</source>
            <translation>El ráster {layer} no se puede exportar a {path}: {reason}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>{layer} returned no image here{reason}; check the connection, or choose an area that it covers.</source>
            <translation>{layer} no ha dado ninguna imagen aquí{reason}; revise la conexión o elija una zona que la capa cubra.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>{layer}: {n} parts could not be fetched{reason}; the result has holes there.</source>
            <translation>{layer}: no se pudieron descargar {n} partes{reason}; el resultado tiene huecos ahí.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>The layer {layer} cannot be written: {reason}</source>
            <translation>No se puede escribir la capa {layer}: {reason}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>{layer}: {n} of {total} features are selected.</source>
            <translation>{layer}: {n} de {total} objetos están seleccionados.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>{layer} has to be exported, and {columns} × {rows} pixels are too many; choose a smaller extent.</source>
            <translation>Hay que exportar {layer}, y {columns} × {rows} píxeles son demasiados; elija una extensión menor.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>The mask has no polygons; select some, or run without a mask.</source>
            <translation>La máscara no contiene polígonos; seleccione algunos o prescinda de la máscara.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>The layer {layer} has no polygons; choose a polygon layer.</source>
            <translation>La capa {layer} no tiene polígonos; elija una capa de polígonos.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>The mask cannot be transformed to {crs}.</source>
            <translation>La máscara no se puede transformar a {crs}.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>The raster {layer} cannot be read by GDAL.</source>
            <translation>GDAL no puede leer el ráster {layer}.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>The raster {layer} cannot be exported.</source>
            <translation>El ráster {layer} no se puede exportar.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>The mask cannot be written: {reason}</source>
            <translation>No se puede escribir la máscara: {reason}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>All files are intact.</source>
            <translation>Todos los archivos están en orden.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>Version {version}, licence {licence}</source>
            <translation>Versión {version}, licencia {licence}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>8-bit values unchanged; other types scaled by the value range of the area</source>
            <translation>Valores de 8 bits sin cambios; los demás, escalados según el rango de la zona</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>Uses the first {n} bands of the image</source>
            <translation>Toma las primeras {n} bandas de la imagen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>For pixel sizes of {low}–{high} m</source>
            <translation>Para tamaños de píxel de {low}–{high} m</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>Uses the bands {bands} of the image</source>
            <translation>Toma las bandas {bands} de la imagen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>Values from {low} to {high}</source>
            <translation>Valores de {low} a {high}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>; standardized with mean {mean} and standard deviation {std}</source>
            <translation>; estandarizados con media {mean} y desviación típica {std}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>this image has {size} m, too coarse for details</source>
            <translation>esta imagen tiene {size} m, demasiado gruesa para los detalles</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>; this image has {size} m</source>
            <translation>; esta imagen tiene {size} m</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>Accuracy, mean of {n} test sets: {figures}</source>
            <translation>Exactitud, media de {n} conjuntos de prueba: {figures}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>Accuracy on {data}</source>
            <translation>Exactitud en {data}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>; this image has {size} m and is resampled to larger pixels</source>
            <translation>; esta imagen tiene {size} m y se remuestrea a píxeles mayores</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/models.py" />
            <source>Choose a model.</source>
            <translation>Elija un modelo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/models.py" />
            <source>There is no model {model}; check its path.</source>
            <translation>No existe el modelo {model}; revise su ruta.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/own_classes/label_file.py" />
            <source>{path} holds no labels; choose the GeoPackage that was saved with a model.</source>
            <translation>{path} no contiene etiquetas; elija el GeoPackage que se guardó con un modelo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/own_classes/label_file.py" />
            <source>The labels cannot be written to {path}: {reason}</source>
            <translation>No se pueden escribir las etiquetas en {path}: {reason}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/own_classes/labels.py" />
            <source>Draw label</source>
            <translation>Dibujar etiqueta</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/own_classes/labels.py" />
            <source>Erase labels</source>
            <translation>Borrar etiquetas</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/own_classes/labels.py" />
            <source>What was drawn cannot be transformed to {crs}.</source>
            <translation>Lo dibujado no se puede transformar a {crs}.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/own_classes/labels.py" />
            <source>A model has at most {n} classes.</source>
            <translation>Un modelo tiene como máximo {n} clases.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/own_classes/labels.py" />
            <source>class {n}</source>
            <translation>clase {n}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/own_classes/map_layers.py" />
            <location filename="idgbr_qgis/gui/own_classes/preview_options.py" />
            <source>Preview</source>
            <translation>Vista previa</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/own_classes/preview.py" />
            <location filename="idgbr_qgis/core/preview.py" />
            <source>The backend's preview cannot be read; set the backend up again.</source>
            <translation>No se puede leer la vista previa del motor; vuelva a instalar el motor.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/own_classes/preview.py" />
            <source>{layer} is not a file: draw labels of two classes or more in what the map shows.</source>
            <translation>{layer} no es un archivo: dibuje etiquetas de dos clases o más en la parte visible del mapa.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/own_classes/preview.py" />
            <location filename="idgbr_qgis/core/preview.py" />
            <source>The preview cannot be shown in the map's coordinate system.</source>
            <translation>La vista previa no se puede mostrar en el sistema de coordenadas del mapa.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/own_classes/saving.py" />
            <source>Give the model a name.</source>
            <translation>Dé un nombre al modelo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/own_classes/saving.py" />
            <source>Draw a few strokes for each of two classes or more.</source>
            <translation>Dibuje algunos trazos de cada una de dos clases o más.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/own_classes/saving.py" />
            <source>The backend's answer cannot be read; set the backend up again.</source>
            <translation>No se puede leer la respuesta del backend; vuelva a instalar el backend.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/preview.py" />
            <source>The algorithms are not there; enable IDGBR in the plugin manager.</source>
            <translation>Los algoritmos no están disponibles; active IDGBR en el administrador de complementos.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/preview.py" />
            <source>The map shows nothing of {layer}; zoom to it first.</source>
            <translation>El mapa no muestra nada de {layer}; acérquese primero a la capa.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Class number</source>
            <translation>Número de clase</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <location filename="idgbr_qgis/gui/own_classes/class_table.py" />
            <source>Class</source>
            <translation>Clase</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Confidence (0–1)</source>
            <translation>Confianza (0–1)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Area (m²)</source>
            <translation>Área (m²)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Perimeter (m)</source>
            <translation>Perímetro (m)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Boundary moved by (m)</source>
            <translation>Desplazamiento del límite (m)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Uncertainty of the boundary (0–1)</source>
            <translation>Incertidumbre del límite (0–1)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Model {model}, version {version}, licence: {licence}</source>
            <translation>Modelo {model}, versión {version}, licencia: {licence}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>IDGBR – {layer} – {time}</source>
            <translation>IDGBR – {layer} – {time}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>{path} was not written by IDGBR and is not replaced</source>
            <translation>{path} no fue escrito por IDGBR y no se reemplaza</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>confidence</source>
            <translation>confianza</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>boundary moved by</source>
            <translation>límite desplazado</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>uncertainty of the boundary</source>
            <translation>incertidumbre del límite</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>{when}: {algorithm}, IDGBR plugin {plugin}, backend {backend}</source>
            <translation>{when}: {algorithm}, complemento IDGBR {plugin}, motor {backend}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Parameters: {values}</source>
            <translation>Parámetros: {values}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Result of {algorithm}</source>
            <translation>Resultado de {algorithm}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>{path} has no layer</source>
            <translation>{path} no contiene ninguna capa</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Device: {device}</source>
            <translation>Dispositivo: {device}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>{path} cannot be opened</source>
            <translation>{path} no se puede abrir</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/review.py" />
            <source>{layer} cannot be edited; save it as a GeoPackage first.</source>
            <translation>{layer} no se puede editar; guárdela antes como GeoPackage.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/review.py" />
            <source>rejected</source>
            <translation>rechazado</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/review.py" />
            <source>accepted</source>
            <translation>aceptado</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/review.py" />
            <source>Accept polygon</source>
            <translation>Aceptar polígono</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/review.py" />
            <source>Reject polygon</source>
            <translation>Rechazar polígono</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/review.py" />
            <source>{layer} has no polygons left to review.</source>
            <translation>En {layer} no quedan polígonos por revisar.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/settings.py" />
            <source>Set it up again: Plugins ▸ IDGBR ▸ Set up backend….</source>
            <translation>Instálelo de nuevo: Complementos ▸ IDGBR ▸ Instalar el motor….</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/settings.py" />
            <source>The backend's Python {path} was not found; choose it in Settings ▸ Options ▸ IDGBR, or set the backend up again: Plugins ▸ IDGBR ▸ Set up backend….</source>
            <translation>No se encontró el Python del motor {path}; elíjalo en Configuración ▸ Opciones ▸ IDGBR o instale el motor de nuevo: Complementos ▸ IDGBR ▸ Instalar el motor….</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/settings.py" />
            <source>The backend command must be a JSON list of strings, such as ["ssh", "host", "idgbr", "worker"].</source>
            <translation>La orden del motor debe ser una lista JSON de textos, como ["ssh", "host", "idgbr", "worker"].</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/settings.py" />
            <source>The backend command {program} was not found; correct it in Settings ▸ Options ▸ IDGBR.</source>
            <translation>No se encontró la orden del motor {program}; corríjala en Configuración ▸ Opciones ▸ IDGBR.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/settings.py" />
            <source>The IDGBR backend is not set up: choose Plugins ▸ IDGBR ▸ Set up backend….</source>
            <translation>El motor de IDGBR no está instalado: elija Complementos ▸ IDGBR ▸ Instalar el motor….</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>The proxy cannot be reached.</source>
            <translation>No se puede acceder al proxy.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Check Settings ▸ Options ▸ Network in QGIS (host, port, and whether you need a proxy here at all), then try again. Downloaded packages are kept. Or set up from a folder of wheels.</source>
            <translation>Revise Configuración ▸ Opciones ▸ Red en QGIS (servidor, puerto y si aquí hace falta un proxy) y vuelva a intentarlo: lo descargado se conserva. O instale desde una carpeta de wheels.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>The proxy asks for a user name and password.</source>
            <translation>El proxy pide un nombre de usuario y una contraseña.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Enter them in Settings ▸ Options ▸ Network in QGIS. A proxy that requires a Windows login (NTLM, Kerberos) is not supported. Ask your administrator for one that accepts a password, or use a folder of wheels.</source>
            <translation>Introdúzcalos en Configuración ▸ Opciones ▸ Red en QGIS. Un proxy que exige un inicio de sesión de Windows (NTLM, Kerberos) no se puede usar directamente: pida a su administrador uno que acepte contraseña o use una carpeta de wheels.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>The secure connection is not trusted: on this network, a device probably opens and re-signs it.</source>
            <translation>La conexión segura no es de confianza: probablemente un dispositivo de esta red la abre y la vuelve a firmar.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Ask your administrator for the certificate of that authority. Add it in Settings ▸ Options ▸ Authentication ▸ Manage certificates in QGIS, or set its file in pip's own configuration (cert). Also check the clock of the computer.</source>
            <translation>Pida a su administrador el certificado de esa autoridad y añádalo en QGIS en Configuración ▸ Opciones ▸ Autenticación ▸ Administrar certificados, o indique su archivo en la configuración de pip (cert). Compruebe también el reloj del equipo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>The package index cannot be reached, or the connection was cut.</source>
            <translation>No se puede acceder al índice de paquetes, o se cortó la conexión.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Check the connection and try again. Downloaded packages are kept. Without a network, prepare a folder of wheels on another computer and choose it here.</source>
            <translation>Revise la conexión y vuelva a intentarlo: lo descargado se conserva. Sin red, prepare una carpeta de wheels en otro equipo y elíjala aquí.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>The disk is full.</source>
            <translation>El disco está lleno.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Free some space or choose a folder on a larger disk, then try again. Downloaded packages are kept.</source>
            <translation>Libere espacio o elija una carpeta en un disco mayor y vuelva a intentarlo: lo descargado se conserva.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Another program holds a file: an antivirus scanner, or a QGIS that uses the backend.</source>
            <translation>Otro programa retiene un archivo: un antivirus o un QGIS que usa el motor.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Close other QGIS windows and try again. If it happens again, exclude the backend's folder from the antivirus scan.</source>
            <translation>Cierre las demás ventanas de QGIS y vuelva a intentarlo. Si se repite, excluya la carpeta del motor del análisis del antivirus.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>A file or folder is not writable.</source>
            <translation>No se puede escribir en un archivo o una carpeta.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Choose a folder that you own. If you do own it, exclude it from the antivirus scan or from controlled folder access.</source>
            <translation>Elija una carpeta que sea suya. Si ya lo es, exclúyala del análisis del antivirus o del acceso controlado a carpetas.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>A path became too long for Windows.</source>
            <translation>Una ruta resultó demasiado larga para Windows.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Choose a folder with a short path, such as C:\idgbr, or enable long paths.</source>
            <translation>Elija una carpeta con una ruta corta, como C:\idgbr, o haga activar las rutas largas.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>There is no ready-made package for this Python on this system.</source>
            <translation>No hay ningún paquete preparado para este Python en este sistema.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Choose another Python, preferably 3.11 or 3.12 (64 bit). A folder of wheels must be made for the same Python version and system.</source>
            <translation>Elija otro Python, preferiblemente 3.11 o 3.12 de 64 bits. La carpeta de wheels debe estar hecha para la misma versión de Python y el mismo sistema.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>The folder of wheels is incomplete.</source>
            <translation>La carpeta de wheels no está completa.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Make it again with this version of the plugin, on a computer with the same system and Python version: python idgbr_qgis/core/setup download FOLDER.</source>
            <translation>Hágala de nuevo con esta versión del complemento, en un equipo con el mismo sistema y la misma versión de Python: python idgbr_qgis/core/setup download FOLDER.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>A downloaded package differs from the tested one and was rejected.</source>
            <translation>Un paquete descargado difiere del que se probó y ha sido rechazado.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Try again. If it happens again, the mirror or proxy changes packages. Ask your administrator, and do not install such a package by other means.</source>
            <translation>Vuelva a intentarlo. Si se repite, el servidor espejo o el proxy cambia los paquetes: consulte a su administrador y no instale ese paquete por otros medios.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>No suitable Python was found.</source>
            <translation>No se encontró ningún Python adecuado.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Install Python 3.12 (64 bit), or the program uv, which downloads one by itself. Then try again.</source>
            <translation>Instale Python 3.12 (64 bits) o el programa uv, que consigue uno por sí mismo; después vuelva a intentarlo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>This Python cannot create environments: its module venv or ensurepip is missing.</source>
            <translation>Este Python no puede crear entornos: le falta el módulo venv o ensurepip.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>On Debian and Ubuntu: sudo apt install python3-venv. Elsewhere, choose another Python, or install uv.</source>
            <translation>En Debian y Ubuntu: sudo apt install python3-venv. En otros sistemas, elija otro Python o instale uv.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>The GPU cannot be used.</source>
            <translation>No se puede usar la GPU.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Install or update the NVIDIA driver and restart the computer, or choose the CPU.</source>
            <translation>Instale o actualice el controlador de NVIDIA y reinicie el equipo, o elija la CPU.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Everything is installed, but a library cannot be loaded.</source>
            <translation>Todo está instalado, pero no se puede cargar una biblioteca.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>On Windows, install the Microsoft Visual C++ Redistributable (x64). On Linux, the system may be too old for these packages (glibc 2.28 is needed).</source>
            <translation>En Windows, instale Microsoft Visual C++ Redistributable (x64). En Linux, el sistema puede ser demasiado antiguo para estos paquetes (hace falta glibc 2.28).</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Another QGIS window, or a command line, is setting up the backend.</source>
            <translation>Otra ventana de QGIS, o una línea de órdenes, está instalando el motor.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Wait until it is done, or cancel it there.</source>
            <translation>Espere a que termine o cancélelo allí.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Start again at any time. Downloaded packages are kept.</source>
            <translation>Empiece de nuevo cuando quiera: lo descargado se conserva.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>The set-up failed.</source>
            <translation>La instalación ha fallado.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>See the details. Copy diagnostics makes a report without names or passwords that you can send to others.</source>
            <translation>Mire los detalles. «Copiar diagnóstico» crea un informe sin nombres ni contraseñas que puede enviar a otras personas.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/install.py" />
            <source>Creating the environment</source>
            <translation>Creando el entorno</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/install.py" />
            <source>Downloading</source>
            <translation>Descargando</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/install.py" />
            <source>Installing</source>
            <translation>Instalando</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/install.py" />
            <source>Starting the backend for the first time</source>
            <translation>Iniciando el motor por primera vez</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/plan.py" />
            <source>CPU</source>
            <translation>CPU</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/plan.py" />
            <source>NVIDIA GPU (CUDA 13)</source>
            <translation>GPU NVIDIA (CUDA 13)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/plan.py" />
            <source>NVIDIA GPU (CUDA 12)</source>
            <translation>GPU NVIDIA (CUDA 12)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/state.py" />
            <source>The backend's environment was removed.</source>
            <translation>El entorno del motor fue eliminado.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/state.py" />
            <source>The Python that the backend was based on was removed or replaced by another version.</source>
            <translation>El Python en el que se basaba el motor fue eliminado o reemplazado por otra versión.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/state.py" />
            <source>This version of the plugin needs other packages than those of the backend.</source>
            <translation>Esta versión del complemento necesita otros paquetes que los del motor.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/state.py" />
            <source>The set-up of the backend was interrupted.</source>
            <translation>La instalación del motor se interrumpió.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/warm_backend.py" />
            <source>Unexpected error: {error}</source>
            <translation>Error inesperado: {error}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Part of the image to process</source>
            <translation>Parte de la imagen que se procesa</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Layer whose polygons or extent define the area</source>
            <translation>Capa cuyos polígonos, o cuya extensión, son la zona</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Whole image</source>
            <translation>Toda la imagen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>What the map shows</source>
            <translation>Lo que muestra el mapa</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Drawn rectangle</source>
            <translation>Rectángulo dibujado</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Drawn polygon</source>
            <translation>Polígono dibujado</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Selected polygons</source>
            <translation>Polígonos seleccionados</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <location filename="idgbr_qgis/gui/job_form.py" />
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Layer</source>
            <translation>Capa</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Draw a rectangle on the map</source>
            <translation>Dibujar un rectángulo en el mapa</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Draw a polygon: right-click finishes, Backspace removes the last point</source>
            <translation>Dibujar un polígono: clic derecho termina, Retroceso quita el último punto</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>There is no layer for the area; add one or choose another area.</source>
            <translation>No hay ninguna capa para la zona; añada una o elija otra zona.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Draw the area on the map.</source>
            <translation>Dibuje la zona en el mapa.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/backend_check.py" />
            <source>The backend works: version {backend}, plugin {plugin}.</source>
            <translation>El motor funciona: versión {backend}, complemento {plugin}.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/backend_check.py" />
            <source>Testing the IDGBR backend</source>
            <translation>Probando el motor de IDGBR</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/backend_check.py" />
            <source>Devices</source>
            <translation>Dispositivos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/backend_check.py" />
            <source>{n} GB free</source>
            <translation>{n} GB libres</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/backend_check.py" />
            <source>version</source>
            <translation>versión</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/backend_check.py" />
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Models</source>
            <translation>Modelos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/backend_check.py" />
            <source>No models were found; set IDGBR_MODELS to a folder of models.</source>
            <translation>No se encontraron modelos; asigne a IDGBR_MODELS una carpeta de modelos.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>about {time}, {memory} GB</source>
            <translation>unos {time}, {memory} GB</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>roughly {time}, {memory} GB</source>
            <translation>aproximadamente {time}, {memory} GB</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Estimated time and memory; the time is based on earlier jobs on this machine, if there are any</source>
            <translation>Tiempo y memoria estimados; el tiempo se basa en trabajos anteriores en este equipo, si los hay</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Run</source>
            <translation>Ejecutar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Run in the background, after the waiting jobs (Ctrl+Enter)</source>
            <translation>Iniciar en segundo plano, después de los trabajos en espera (Ctrl+Intro)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Review polygons, the least certain first</source>
            <translation>Revisar polígonos, primero los menos seguros</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Backend and device</source>
            <translation>Motor y dispositivo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <location filename="idgbr_qgis/gui/own_classes/panel.py" />
            <source>Add an image to the project to begin.</source>
            <translation>Añada una imagen al proyecto para empezar.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Run opens a window that asks for classes, time and a name.</source>
            <translation>«Ejecutar» abre una ventana que pide clases, tiempo y un nombre.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>no coordinate system</source>
            <translation>sin sistema de coordenadas</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>This task uses the bounding box of the polygons.</source>
            <translation>Esta tarea usa el rectángulo que encierra los polígonos.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>{columns} × {rows} px</source>
            <translation>{columns} × {rows} px</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/health_line.py" />
            <source>Backend {version} on {device}, {models} models</source>
            <translation>Motor {version} en {device}, {models} modelos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/health_line.py" />
            <source>no device</source>
            <translation>ningún dispositivo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/health_line.py" />
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <location filename="idgbr_qgis/gui/options.py" />
            <location filename="idgbr_qgis/gui/setup_entry.py" />
            <source>Set up backend…</source>
            <translation>Instalar el motor…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/health_line.py" />
            <source>The backend has not been checked.</source>
            <translation>No se ha comprobado el motor.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Run again</source>
            <translation>Ejecutar de nuevo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Settings…</source>
            <translation>Configuración…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Draw an area</source>
            <translation>Dibujar una zona</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>A layer of this job was removed; start a new job.</source>
            <translation>Se ha quitado una capa de este trabajo; inicie uno nuevo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Segment {layer}</source>
            <translation>Segmentar {layer}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Refine on {layer}</source>
            <translation>Refinar sobre {layer}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Detect changes since {layer}</source>
            <translation>Detectar cambios desde {layer}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>{job}: {n} polygons.</source>
            <translation>{job}: {n} polígonos.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Show log</source>
            <translation>Mostrar registro</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Open</source>
            <translation>Abrir</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>{layer} has no coordinate system. Which one is it in?</source>
            <translation>{layer} no tiene sistema de coordenadas. ¿En cuál está?</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Choose it…</source>
            <translation>Elegirlo…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Zoom to it</source>
            <translation>Acercarse</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Another file…</source>
            <translation>Otro archivo…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Models…</source>
            <translation>Modelos…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>{found} The project it was started in has been closed.</source>
            <translation>{found} Se ha cerrado el proyecto en el que se inició.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Add to this project</source>
            <translation>Añadir a este proyecto</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>the backend</source>
            <translation>el motor</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Zoom to</source>
            <translation>Acercar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Review…</source>
            <translation>Revisar…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>How much time to spend on boundaries</source>
            <translation>Cuánto tiempo se dedica a los límites</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Regular for buildings; as they are for land cover and where no model is chosen</source>
            <translation>Regulares para edificios; tal como son para la cobertura del suelo y donde no se elige ningún modelo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Give objects such as buildings regular outlines, if they nearly have them</source>
            <translation>Dar contornos regulares a objetos como edificios, si casi los tienen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Find classes with a model, or move the boundaries of a layer you have</source>
            <translation>Encontrar clases con un modelo, o mover los límites de una capa que ya tiene</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Orthophoto or satellite image: a file, a virtual raster or a web map</source>
            <translation>Ortofoto o imagen de satélite: un archivo, un ráster virtual o un mapa web</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Class raster or polygon layer whose boundaries are roughly right</source>
            <translation>Ráster de clases o capa de polígonos cuyos límites son más o menos correctos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>The same place at a later date, in any coordinate system and resolution</source>
            <translation>El mismo lugar en una fecha posterior, en cualquier sistema de coordenadas y resolución</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Field that holds the class; empty if all polygons have the same class</source>
            <translation>Campo que contiene la clase; vacío si todos los polígonos tienen la misma</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Smaller polygons and holes are merged into their surroundings</source>
            <translation>Los polígonos y huecos menores se unen a lo que los rodea</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Touching objects apart</source>
            <translation>Separar objetos contiguos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Give touching objects, such as row houses, polygons of their own</source>
            <translation>Dar a los objetos contiguos, como casas adosadas, polígonos propios</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Align polygons first</source>
            <translation>Alinear primero los polígonos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Move misplaced polygons onto the image, by up to 8 m, before they are refined</source>
            <translation>Mover los polígonos desplazados sobre la imagen, hasta 8 m, antes de refinarlos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Task</source>
            <translation>Tarea</translation>
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
            <translation>Imagen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Later image</source>
            <translation>Imagen posterior</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <location filename="idgbr_qgis/processing/refine.py" />
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Class field</source>
            <translation>Campo de clase</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Area</source>
            <translation>Zona</translation>
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
            <translation>Modelo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Quality</source>
            <translation>Calidad</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Result</source>
            <translation>Resultado</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <location filename="idgbr_qgis/processing/align.py" />
            <location filename="idgbr_qgis/processing/regularize.py" />
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Polygons</source>
            <translation>Polígonos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Minimum area</source>
            <translation>Área mínima</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Outlines</source>
            <translation>Contornos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Segment an image</source>
            <translation>Segmentar una imagen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Refine a layer's boundaries</source>
            <translation>Refinar los límites de una capa</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Detect changes</source>
            <translation>Detectar cambios</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Train a model on your polygons</source>
            <translation>Entrenar un modelo con polígonos propios</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Draft – fastest</source>
            <translation>Borrador – lo más rápido</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>No refinement of a model's result; one step when refining a layer</source>
            <translation>Sin refinar el resultado de un modelo; un solo paso al refinar una capa</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Standard – recommended</source>
            <translation>Estándar – recomendado</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Refined with the refiner’s default number of steps</source>
            <translation>Refinado con el número de pasos propio del refinador</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Thorough – slowest</source>
            <translation>Minucioso – lo más lento</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Refined with 4 steps: boundaries can move farther</source>
            <translation>Refinado en 4 pasos: los límites se desplazan más</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>As the model suggests</source>
            <translation>Como sugiere el modelo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>As they are</source>
            <translation>Tal como son</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Right angles</source>
            <translation>Ángulos rectos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Right angles and diagonals</source>
            <translation>Ángulos rectos y diagonales</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Circles</source>
            <translation>Círculos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Regular, by object</source>
            <translation>Regulares, según el objeto</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Add an image to the project first.</source>
            <translation>Añada primero una imagen al proyecto.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>{layer} cannot be read; repair its source.</source>
            <translation>{layer} no se puede leer; repare su origen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/jobs_widget.py" />
            <source>Cancel this job; no partial output is left</source>
            <translation>Cancelar este trabajo; no queda ningún resultado a medias</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/jobs_widget.py" />
            <location filename="idgbr_qgis/gui/own_classes/save_bar.py" />
            <source>Cancel</source>
            <translation>Cancelar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_picker.py" />
            <location filename="idgbr_qgis/gui/model_widget.py" />
            <source>Models (model.json *.onnx)</source>
            <translation>Modelos (model.json *.onnx)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_picker.py" />
            <source>Model that finds the classes</source>
            <translation>Modelo que encuentra las clases</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_picker.py" />
            <location filename="idgbr_qgis/gui/model_widget.py" />
            <source>Choose a model card or an ONNX file</source>
            <translation>Elegir la ficha de un modelo o un archivo ONNX</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_picker.py" />
            <source>Add, remove and adjust models</source>
            <translation>Añadir, quitar y ajustar modelos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_picker.py" />
            <source>New model…</source>
            <translation>Modelo nuevo…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_picker.py" />
            <source>Draw labels of your own classes, and see at once what a model makes of them</source>
            <translation>Dibujar etiquetas de sus propias clases y ver enseguida qué hace un modelo con ellas</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_picker.py" />
            <source>This model has no card; its metadata is shown when it runs.</source>
            <translation>Este modelo no tiene ficha; sus metadatos se muestran al ejecutarlo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>One number for each of the {n} bands of the model; empty for automatic.</source>
            <translation>Un número por cada una de las {n} bandas que toma el modelo; vacío para automático.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Bands of the image</source>
            <translation>Bandas de la imagen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Value that becomes 0</source>
            <translation>Valor que pasa a 0</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Empty: 0 for 8-bit images, else the 1st percentile of the area</source>
            <translation>Vacío: 0 en imágenes de 8 bits, si no el percentil 1 de la zona</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Value that becomes 1</source>
            <translation>Valor que pasa a 1</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Empty: 255 for 8-bit images, else the 99th percentile of the area</source>
            <translation>Vacío: 255 en imágenes de 8 bits, si no el percentil 99 de la zona</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Mean</source>
            <translation>Media</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Subtracted after scaling, as in training</source>
            <translation>Se resta después, como en el entrenamiento del modelo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Standard deviation</source>
            <translation>Desviación típica</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>The result is divided by it, as in training</source>
            <translation>El resultado se divide por ella, como en el entrenamiento</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Values and bands of {model}</source>
            <translation>Valores y bandas de {model}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Such as {example}</source>
            <translation>Por ejemplo {example}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>IDGBR models</source>
            <translation>Modelos de IDGBR</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Add folder…</source>
            <translation>Añadir carpeta…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>A folder with a model.json or an ONNX file</source>
            <translation>Una carpeta con un model.json o un archivo ONNX</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Add file…</source>
            <translation>Añadir archivo…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>A zipped model, a STAC item (JSON) or an ONNX file, such as those of the Deepness model zoo; external data files are copied too</source>
            <translation>Un modelo comprimido (zip), un ítem STAC (JSON) o un archivo ONNX, como los del zoo de modelos de Deepness; los archivos de datos externos también se copian</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Copy…</source>
            <translation>Copiar…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Make your own copy, which you can adjust</source>
            <translation>Una copia propia, que se puede ajustar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Adjust…</source>
            <translation>Ajustar…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Values and bands that the model uses</source>
            <translation>Valores y bandas que toma el modelo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Export…</source>
            <translation>Exportar…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Write the model to a zip, with a STAC item for other tools</source>
            <translation>Escribir el modelo en un zip, con un ítem STAC para otras herramientas</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Remove</source>
            <translation>Quitar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Only your own models can be removed</source>
            <translation>Solo se pueden quitar los modelos propios</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Verify</source>
            <translation>Verificar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Check all files against the SHA-256 in their cards</source>
            <translation>Comparar todos los archivos con el sha256 de sus fichas</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Checking the models…</source>
            <translation>Comprobando los modelos…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Adding the model…</source>
            <translation>Añadiendo el modelo…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Exporting the model…</source>
            <translation>Exportando el modelo…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Models (*.zip *.onnx *.json)</source>
            <translation>Modelos (*.zip *.onnx *.json)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <location filename="idgbr_qgis/gui/notices.py" />
            <source>Copy</source>
            <translation>Copiar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Id of the copy:</source>
            <translation>Id de la copia:</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Export</source>
            <translation>Exportar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Zipped models (*.zip)</source>
            <translation>Modelos comprimidos (*.zip)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>A model with this id exists. Enter another id, or leave it empty to replace your own model:</source>
            <translation>Ya hay un modelo con este id. Escriba otro id o déjelo vacío para reemplazar el suyo:</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Folder of a model</source>
            <translation>Carpeta de un modelo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Writing the card…</source>
            <translation>Escribiendo la ficha…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Remove {model} from the disk?</source>
            <translation>¿Quitar {model} del disco?</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Removing the model…</source>
            <translation>Quitando el modelo…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Add model</source>
            <translation>Añadir modelo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>The file does not state the pixel size that the model was trained on. Pixel size in metres:</source>
            <translation>El archivo no indica el tamaño de píxel con el que se entrenó el modelo. Tamaño de píxel en metros:</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Exported to {path}.</source>
            <translation>Exportado a {path}.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/notices.py" />
            <source>Log of {job}</source>
            <translation>Registro de {job}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <source>The models run in a separate process, the IDGBR backend, with its own Python. &lt;i&gt;Set up backend…&lt;/i&gt; installs it. Or choose the Python of an environment that you made yourself.</source>
            <translation>Los modelos se ejecutan en un proceso propio, el motor de IDGBR, con su propio Python. &lt;i&gt;Instalar el motor…&lt;/i&gt; crea uno; o elija el Python de un entorno que haya creado usted.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <source>Python of the backend</source>
            <translation>Python del motor</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <source>Full command as a JSON list, for a backend on another machine. It takes precedence over the Python.</source>
            <translation>Orden completa como lista JSON, para un motor en otro equipo. Tiene prioridad sobre el Python.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <source>Default device of the algorithms: auto uses the GPU if possible.</source>
            <translation>Dispositivo predeterminado de los algoritmos: auto usa la GPU si es posible.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <source>Test</source>
            <translation>Probar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <source>Test starts the backend and shows its versions, devices and models.</source>
            <translation>La prueba inicia el motor y muestra sus versiones, dispositivos y modelos.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <source>Backend Python</source>
            <translation>Python del motor</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <source>Backend command</source>
            <translation>Orden del motor</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Device</source>
            <translation>Dispositivo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Temporary layers</source>
            <translation>Capas temporales</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Temporary layers are lost when QGIS is closed</source>
            <translation>Las capas temporales desaparecen al cerrar QGIS</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Save polygons</source>
            <translation>Guardar polígonos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>File for the polygons</source>
            <translation>Archivo para los polígonos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Layer name (empty: named after the file)</source>
            <translation>Capa dentro de él (vacío: se llama como el archivo)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Other content of the GeoPackage stays; a layer with this name is replaced</source>
            <translation>Lo demás que contiene el GeoPackage se conserva; una capa de este nombre se reemplaza</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Class raster</source>
            <translation>Ráster de clases</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Class of each pixel on the grid of the image, beside the polygons</source>
            <translation>Clase de cada píxel en la cuadrícula de la imagen, junto a los polígonos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Confidence raster</source>
            <translation>Ráster de confianza</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Confidence of each pixel's class, 0 to 1, beside the polygons</source>
            <translation>Confianza de la clase de cada píxel, de 0 a 1, junto a los polígonos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Uncertainty raster</source>
            <translation>Ráster de incertidumbre</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>How uncertain refined boundaries are, 0 to 1, beside the polygons</source>
            <translation>Cuán dudosos son los límites refinados, de 0 a 1, junto a los polígonos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Probability raster</source>
            <translation>Ráster de probabilidad</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Probability that a place has changed, 0 to 1, beside the polygons</source>
            <translation>Probabilidad de que un lugar haya cambiado, de 0 a 1, junto a los polígonos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Open when finished</source>
            <translation>Abrir al terminar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Add the results to the project in a group</source>
            <translation>Añadir los resultados al proyecto, en un grupo propio</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Name the file for the polygons.</source>
            <translation>Indique el archivo para los polígonos.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>There is no folder {path}.</source>
            <translation>No existe la carpeta {path}.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/class_table.py" />
            <source>Classes</source>
            <translation>Clases</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/class_table.py" />
            <source>The class of the selected row is drawn; double-click its name to change it</source>
            <translation>Se dibuja la clase de la fila seleccionada; haga doble clic en el nombre para cambiarlo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/class_table.py" />
            <source>Colour of the class</source>
            <translation>Color de la clase</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/class_table.py" />
            <location filename="idgbr_qgis/gui/own_classes/panel.py" />
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Labels</source>
            <translation>Etiquetas</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/class_table.py" />
            <source>Add a class</source>
            <translation>Añadir una clase</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/class_table.py" />
            <source>Remove the class and its labels</source>
            <translation>Quitar la clase y sus etiquetas</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/class_table.py" />
            <source>Take the classes of a layer's style…</source>
            <translation>Tomar las clases del estilo de una capa…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/drawing_tools.py" />
            <source>Width of brush and eraser on the screen; zoom in for finer strokes</source>
            <translation>Ancho del pincel y de la goma en la pantalla; acerque el mapa para trazos más finos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/drawing_tools.py" />
            <source>Width of brush and eraser</source>
            <translation>Ancho del pincel y de la goma</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/drawing_tools.py" />
            <source>Undo the last stroke (U, Ctrl+Z)</source>
            <translation>Deshacer el último trazo (U, Ctrl+Z)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/drawing_tools.py" />
            <source>Redo (Shift+U)</source>
            <translation>Rehacer (Mayús+U)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/drawing_tools.py" />
            <source>Brush (B): drag on the map; a click makes a dot</source>
            <translation>Pincel (B): arrastre en el mapa; un clic pone un punto</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/drawing_tools.py" />
            <source>Polygon (P): click the corners; right-click finishes, Backspace removes the last one</source>
            <translation>Polígono (P): haga clic en las esquinas; el clic derecho termina, Retroceso quita la última</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/drawing_tools.py" />
            <source>Eraser (E): drag over labels to take them away</source>
            <translation>Goma (E): arrastre sobre las etiquetas para quitarlas</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/layer_classes.py" />
            <source>No layer has classes in its style: a categorized symbology, or a raster with a palette.</source>
            <translation>Ninguna capa tiene clases en su estilo: una simbología categorizada o un ráster con paleta.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/layer_classes.py" />
            <source>Classes of a layer</source>
            <translation>Clases de una capa</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/live_preview.py" />
            <source>Updating the preview…</source>
            <translation>Actualizando la vista previa…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/live_preview.py" />
            <source>Draw a few strokes for each class; the keys 1 to 9 choose it.</source>
            <translation>Dibuje algunos trazos de cada clase; las teclas 1 a 9 la eligen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/live_preview.py" />
            <source>Updated in {seconds:.1f} s.</source>
            <translation>Actualizada en {seconds:.1f} s.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/live_preview.py" />
            <source>The model is sure about all that the map shows.</source>
            <translation>El modelo está seguro de todo lo que muestra el mapa.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/panel.py" />
            <source>The labels are not saved with a model. Continue another one?</source>
            <translation>Las etiquetas no están guardadas con un modelo. ¿Continuar otro?</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/panel.py" />
            <source>IDGBR new model</source>
            <translation>IDGBR: modelo nuevo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/panel.py" />
            <source>Image on which you draw: a file, a virtual raster or a web map</source>
            <translation>Imagen sobre la que dibuja: un archivo, un ráster virtual o un mapa web</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/panel.py" />
            <source>IDGBR – new model – {layer}</source>
            <translation>IDGBR – modelo nuevo – {layer}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/panel.py" />
            <source>Remove {name} with its {n} labels? This cannot be undone.</source>
            <translation>¿Quitar {name} con sus {n} etiquetas? Esto no se puede deshacer.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/panel.py" />
            <source>Add a class first.</source>
            <translation>Añada primero una clase.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/preview_options.py" />
            <location filename="idgbr_qgis/gui/preview_bar.py" />
            <source>Show the preview</source>
            <translation>Mostrar la vista previa</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/preview_options.py" />
            <source>Opacity of the preview</source>
            <translation>Opacidad de la vista previa</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/preview_options.py" />
            <location filename="idgbr_qgis/processing/change.py" />
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Refine boundaries</source>
            <translation>Refinar límites</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/preview_options.py" />
            <source>Show the preview with refined boundaries; each update takes longer</source>
            <translation>Mostrar la vista previa con límites refinados; cada actualización tarda más</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/preview_options.py" />
            <source>Where would labels help?</source>
            <translation>¿Dónde ayudarían las etiquetas?</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/preview_options.py" />
            <source>Mark the places of the visible part that the model is least sure of</source>
            <translation>Marcar los lugares de la parte visible de los que el modelo está menos seguro</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/save_bar.py" />
            <source>Continue…</source>
            <translation>Continuar…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/save_bar.py" />
            <source>Continue with the labels of a saved model</source>
            <translation>Continuar con las etiquetas de un modelo guardado</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/save_bar.py" />
            <source>Save model…</source>
            <translation>Guardar modelo…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/save_bar.py" />
            <source>Train on all labels and keep the model, with the labels beside it</source>
            <translation>Entrenar con todas las etiquetas y conservar el modelo, con las etiquetas al lado</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/save_bar.py" />
            <source>Run…</source>
            <translation>Ejecutar…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/save_bar.py" />
            <source>Choose the model in the IDGBR panel to segment the image; it is saved first</source>
            <translation>Elegir el modelo en el panel IDGBR para segmentar la imagen; antes se guarda</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/save_bar.py" />
            <source>Save model</source>
            <translation>Guardar modelo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/save_bar.py" />
            <source>Name of the model</source>
            <translation>Nombre del modelo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/save_bar.py" />
            <source>Labels of a model</source>
            <translation>Etiquetas de un modelo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/save_bar.py" />
            <source>Labels (*.gpkg)</source>
            <translation>Etiquetas (*.gpkg)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/save_bar.py" />
            <source>Saved: {name}.</source>
            <translation>Guardado: {name}.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/save_bar.py" />
            <source>Saved: {name}, without the strokes since then.</source>
            <translation>Guardado: {name}, sin los trazos posteriores.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/save_bar.py" />
            <source>Training {name} on all labels…</source>
            <translation>Entrenando {name} con todas las etiquetas…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/own_classes/save_bar.py" />
            <source>There is a model {name} already. Replace it?</source>
            <translation>Ya existe un modelo {name}. ¿Reemplazarlo?</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/preview_bar.py" />
            <source>Show on the map what the job would give for the visible part, at most 1024 × 1024 px</source>
            <translation>Mostrar en el mapa lo que daría el trabajo en la parte visible, como máximo 1024 × 1024 px</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/preview_bar.py" />
            <source>Clear the preview</source>
            <translation>Borrar la vista previa</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/preview_bar.py" />
            <source>Cancel preview</source>
            <translation>Cancelar la vista previa</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/preview_bar.py" />
            <source>Preview here</source>
            <translation>Vista previa aquí</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/preview_bar.py" />
            <source>coarse</source>
            <translation>grueso</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/preview_bar.py" />
            <source>refined</source>
            <translation>refinado</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/preview_bar.py" />
            <source>Made in {seconds:.1f} s</source>
            <translation>Hecho en {seconds:.1f} s</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>confidence {value:.2f}</source>
            <translation>confianza {value:.2f}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>moved by {value:.2f} m</source>
            <translation>desplazado {value:.2f} m</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>IDGBR review</source>
            <translation>Revisión de IDGBR</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Polygons with the field confidence or moved_m</source>
            <translation>Polígonos con el campo confidence o moved_m</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Begin</source>
            <translation>Empezar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Switches the layer to editing; nothing is saved until you save it</source>
            <translation>La capa pasa a edición; no se guarda nada hasta que usted lo guarde</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>First</source>
            <translation>Primero</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Least confident</source>
            <translation>Menor confianza</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Most moved</source>
            <translation>Mayor desplazamiento</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Polygon {n} of {count}</source>
            <translation>Polígono {n} de {count}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>{accepted} accepted, {rejected} rejected</source>
            <translation>{accepted} aceptados, {rejected} rechazados</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Accept</source>
            <translation>Aceptar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>The polygon is right</source>
            <translation>El polígono es correcto</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Reject</source>
            <translation>Rechazar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Delete the polygon</source>
            <translation>Borrar el polígono</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Edit</source>
            <translation>Editar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Select the polygon and activate the vertex tool</source>
            <translation>Seleccionar el polígono y activar la herramienta de vértices</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Back</source>
            <translation>Atrás</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Go to the previous polygon</source>
            <translation>Ir al polígono anterior</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Next</source>
            <translation>Siguiente</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Skip to the next polygon</source>
            <translation>Pasar al polígono siguiente</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Undo</source>
            <translation>Deshacer</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Undo the last decision</source>
            <translation>Anular la última decisión</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Steps through the polygons, the least certain first.</source>
            <translation>Recorre los polígonos, primero los menos seguros.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Choose a polygon layer with the field confidence or moved_m.</source>
            <translation>Elija una capa de polígonos con el campo confidence o moved_m.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/selected_only.py" />
            <source>Selected features only</source>
            <translation>Solo los objetos seleccionados</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Set up the IDGBR backend</source>
            <translation>Instalar el motor de IDGBR</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Set up</source>
            <translation>Instalar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Copy diagnostics</source>
            <translation>Copiar diagnóstico</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Cancel set-up</source>
            <translation>Cancelar la instalación</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Close</source>
            <translation>Cerrar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>What will be installed</source>
            <translation>Qué se va a instalar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Setting up</source>
            <translation>Instalando</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Copied</source>
            <translation>Copiado</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>You can use QGIS in the meantime. Downloads are kept in any case.</source>
            <translation>Mientras tanto se puede usar QGIS. Lo descargado se conserva, pase lo que pase.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>less than a minute left</source>
            <translation>queda menos de un minuto</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>A backend command is set in Settings ▸ Options ▸ IDGBR and takes precedence; clear it to use this backend.</source>
            <translation>Hay una orden del motor en Configuración ▸ Opciones ▸ IDGBR que tiene prioridad; vacíela para usar este.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>The backend is ready</source>
            <translation>El motor está listo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Cancelled</source>
            <translation>Cancelado</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>The backend could not be set up</source>
            <translation>No se pudo instalar el motor</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Continue in the background</source>
            <translation>Seguir en segundo plano</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>about {n} min left</source>
            <translation>quedan unos {n} min</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>The algorithms are in the Processing toolbox under IDGBR.</source>
            <translation>Los algoritmos están en la caja de herramientas de Procesos, en IDGBR.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>{done} of {total} MB</source>
            <translation>{done} de {total} MB</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Device: {names}</source>
            <translation>Dispositivo: {names}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Python: {path}</source>
            <translation>Python: {path}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Models: {names}</source>
            <translation>Modelos: {names}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_entry.py" />
            <source>The models need the IDGBR backend, which is not set up yet.</source>
            <translation>Los modelos necesitan el motor de IDGBR, que aún no está instalado.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_entry.py" />
            <source>The backend is ready.</source>
            <translation>El backend está listo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_entry.py" />
            <source>Set it up again.</source>
            <translation>Instálelo de nuevo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>; &lt;b&gt;{installed}&lt;/b&gt; are needed in the folder, {free} are free there.</source>
            <translation>; hacen falta &lt;b&gt;{installed}&lt;/b&gt; en la carpeta, donde hay {free} libres.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>The models run in a separate program, the backend, with its own Python environment. &lt;b&gt;Nothing is installed into the Python of QGIS&lt;/b&gt; or of the system.</source>
            <translation>Los modelos se ejecutan en un programa propio, el motor, en un entorno de Python propio. &lt;b&gt;No se instala nada en el Python de QGIS&lt;/b&gt; ni en el del sistema.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>empty: download them</source>
            <translation>vacío: descargarlos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>To install without a network: a folder filled with the command in the documentation</source>
            <translation>Para instalar sin red: una carpeta llenada con la orden de la documentación</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>Based on</source>
            <translation>Basado en</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>Folder</source>
            <translation>Carpeta</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>Folder of wheels</source>
            <translation>Carpeta de wheels</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>Looking for Python and a GPU…</source>
            <translation>Buscando Python y una GPU…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>Another Python…</source>
            <translation>Otro Python…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>No Python 3.10 or newer was found. Install Python 3.12 (64 bits) or uv, or choose one above.</source>
            <translation>No se encontró Python 3.10 ni posterior. Instale Python 3.12 (64 bits) o uv, o elija uno arriba.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>About &lt;b&gt;{download}&lt;/b&gt; are downloaded from the package index that pip is configured to use</source>
            <translation>Se descargan unos &lt;b&gt;{download}&lt;/b&gt; del índice de paquetes configurado en pip</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>Nothing is downloaded</source>
            <translation>No se descarga nada</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>No NVIDIA driver was found. The CPU works everywhere; a GPU is many times faster.</source>
            <translation>No se encontró ningún controlador de NVIDIA. La CPU sirve en todas partes; una GPU es muchas veces más rápida.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>{gpu} is too old: with driver {needed} or newer, the GPU could be used.</source>
            <translation>{gpu} es demasiado antiguo: con el controlador {needed} o posterior se podría usar la GPU.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>An update of QGIS may remove it; then the backend must be set up again.</source>
            <translation>Una actualización de QGIS puede eliminarlo; entonces habrá que instalar el motor de nuevo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>{n} MB</source>
            <translation>{n} MB</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>Python 3.10 or newer</source>
            <translation>Python 3.10 o posterior</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>The packages are not tested with this version; choose 3.10 to 3.13 if possible.</source>
            <translation>Los paquetes no se han probado con esta versión; si es posible, elija de 3.10 a 3.13.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>It cannot create environments: install the package python3-venv first.</source>
            <translation>No puede crear entornos: instale antes el paquete python3-venv.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>{n} GB</source>
            <translation>{n} GB</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>of QGIS</source>
            <translation>de QGIS</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>driver</source>
            <translation>controlador</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>Python {version}, downloaded by uv</source>
            <translation>Python {version}, conseguido por uv</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>That is too little: free some space.</source>
            <translation>Es muy poco: libere espacio.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_task.py" />
            <source>Looking for Python and a GPU</source>
            <translation>Buscando Python y una GPU</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_task.py" />
            <source>Setting up the IDGBR backend</source>
            <translation>Instalando el motor de IDGBR</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/plugin.py" />
            <source>IDGBR panel</source>
            <translation>Panel de IDGBR</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/plugin.py" />
            <source>Segment images and refine boundaries with IDGBR</source>
            <translation>Segmentar imágenes y refinar límites con IDGBR</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/plugin.py" />
            <source>IDGBR models…</source>
            <translation>Modelos de IDGBR…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/plugin.py" />
            <source>IDGBR settings…</source>
            <translation>Configuración de IDGBR…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>Align polygons with an image</source>
            <translation>Alinear polígonos con una imagen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>Moves the polygons of a misplaced layer to where an image shows them.</source>
            <translation>Mueve los polígonos de una capa desplazada a donde los muestra una imagen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>Moves the polygons of a layer from any source, such as OpenStreetMap or a cadastre, to where your image shows them. Each polygon gets its own shift, and shifts of neighbours are alike. Outlines stay as they are: the same vertices in the same order, with all attributes.

A model finds the objects in the image, by default buildings. Polygons are compared with what it finds and with the edges in the image. Polygons that the image does not show, because they are gone or hidden, follow their neighbours. Where the image shows nothing like them, or where they are farther off than the search radius, they stay, and the log says how many.

The fields shift_x and shift_y are the shift in metres on the ground, along the axes of the layer's coordinate system. shift_conf (0…1) is the share of what the image shows of the polygon that supports its shift. A low value means that the polygon follows its neighbours.

The layer may have any coordinate system. Polygons in three dimensions are written in two.

The IDGBR backend does the work in a separate process. Set it up in Settings ▸ Options ▸ IDGBR.</source>
            <translation>Mueve los polígonos de una capa de cualquier origen, como OpenStreetMap o un catastro, a donde los muestra su imagen. Cada polígono recibe su propio desplazamiento, y los de los vecinos se parecen. Los contornos quedan como son: los mismos vértices en el mismo orden, con todos los atributos.

Un modelo encuentra los objetos en la imagen, por defecto edificios. Los polígonos se comparan con lo que encuentra y con los bordes de la imagen. Los polígonos que la imagen no muestra, porque ya no están o están ocultos, siguen a sus vecinos. Donde la imagen no muestra nada parecido, o donde están más lejos que el radio de búsqueda, se quedan, y el registro dice cuántos.

Los campos shift_x y shift_y son el desplazamiento en metros sobre el terreno, a lo largo de los ejes del sistema de coordenadas de la capa. shift_conf (0…1) es la parte de lo que la imagen muestra del polígono que apoya su desplazamiento. Un valor bajo significa que el polígono sigue a sus vecinos.

La capa puede tener cualquier sistema de coordenadas. Los polígonos en tres dimensiones se escriben en dos.

El backend IDGBR hace el trabajo en un proceso aparte. Configúrelo en Configuración ▸ Opciones ▸ IDGBR.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>Orthophoto or satellite image that shows the objects: a file, or a web map.</source>
            <translation>Ortofoto o imagen de satélite que muestra los objetos: un archivo o un mapa web.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>Polygon layer to move. If only its selected features are used, the others are left out.</source>
            <translation>Capa de polígonos que se mueve. Si solo se usan sus objetos seleccionados, los demás se omiten.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>Search radius (m)</source>
            <translation>Radio de búsqueda (m)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>How far polygons may be off. A larger radius takes longer and is less sure.</source>
            <translation>Cuánto pueden estar desplazados los polígonos. Un radio mayor tarda más y es menos seguro.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>Model that finds such objects: an id, the folder of a model, or an .onnx file.</source>
            <translation>Modelo que encuentra tales objetos: un id, la carpeta de un modelo o un archivo .onnx.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>The same features at their new place, in any format that the plugin writes.</source>
            <translation>Los mismos objetos en su nuevo lugar, en cualquier formato que escriba el complemento.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>A line from the old to the new centre of each polygon.</source>
            <translation>Una línea del centro antiguo al nuevo de cada polígono.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>align,shift,offset,misplaced,move,footprints,buildings,osm,cadastre,register,conflate</source>
            <translation>alinear,desplazar,desfase,desplazado,mover,huellas,edificios,osm,catastro,registrar,ajustar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>Aligned polygons</source>
            <translation>Polígonos alineados</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>Shifts</source>
            <translation>Desplazamientos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <location filename="idgbr_qgis/processing/regularize.py" />
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Number of polygons</source>
            <translation>Número de polígonos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>Polygons that moved</source>
            <translation>Polígonos movidos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>Polygons that follow their neighbours</source>
            <translation>Polígonos que siguen a sus vecinos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>Polygons that stay without evidence</source>
            <translation>Polígonos que se quedan por falta de indicios</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>Polygons that seem to be off by more than the radius</source>
            <translation>Polígonos que parecen desplazados más que el radio</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>Median shift (m)</source>
            <translation>Mediana del desplazamiento (m)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>Longest shift (m)</source>
            <translation>Mayor desplazamiento (m)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/align.py" />
            <source>The polygons do not overlap the image; check their coordinate systems.</source>
            <translation>Los polígonos no se superponen con la imagen; revise sus sistemas de coordenadas.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Segmentation</source>
            <translation>Segmentación</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>{output}: the backend writes files and GeoPackage layers, but no tables of other databases.</source>
            <translation>{output}: el motor escribe archivos y capas de GeoPackage, no tablas de otras bases de datos.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>The metadata of {path} could not be written: {reason}</source>
            <translation>No se pudieron escribir los metadatos de {path}: {reason}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Run the same algorithm again, with the same parameters and outputs, to resume it.</source>
            <translation>Ejecute de nuevo el mismo algoritmo, con los mismos parámetros y salidas, para reanudarlo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>IDGBR backend {version}.</source>
            <translation>Motor de IDGBR {version}.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/change.py" />
            <source>Area to compare, in any coordinate system; empty for the whole image.</source>
            <translation>Zona que se compara, en cualquier sistema de coordenadas; vacío para toda la imagen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/change.py" />
            <source>Id of a change model (change), or its folder.</source>
            <translation>Id de un modelo de cambios (change) o su carpeta.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/change.py" />
            <source>Lowest probability at which a pixel counts as changed. A lower threshold finds more changes, but also more false ones. 0: the threshold of the model.</source>
            <translation>Probabilidad mínima con la que un píxel cuenta como cambiado. Un umbral menor encuentra más cambios, pero también más falsos. 0: el umbral del modelo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/change.py" />
            <source>Refine boundaries with the diffusion refiner, in the image in which the building stands.</source>
            <translation>Corregir los límites con el refinador de difusión, en la imagen en la que está el edificio.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/change.py" />
            <source>Correct the shift between the images, if it can be measured reliably.</source>
            <translation>Corregir el desplazamiento entre las imágenes, si se puede medir con fiabilidad.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/change.py" />
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <location filename="idgbr_qgis/processing/refine.py" />
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Extent</source>
            <translation>Extensión</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/change.py" />
            <source>Threshold</source>
            <translation>Umbral</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/change.py" />
            <source>Align images</source>
            <translation>Alinear imágenes</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Finds the buildings that appeared, disappeared or were modified between two images.</source>
            <translation>Encuentra los edificios que aparecieron, desaparecieron o se modificaron entre dos imágenes.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Compares two images of the same place. Draws the buildings that appeared, disappeared or were modified between them, with refined boundaries.

The later image may have any coordinate system, resolution and extent; it is resampled to the grid of the earlier one. The shift between the images is estimated block by block and reported. It is corrected on request. Where either image has no data, nothing is reported. Where both images are equal, nothing has changed.

The IDGBR backend does the work in a separate process. Set it up in Settings ▸ Options ▸ IDGBR. Local rasters are read in place. Web maps and layers in memory are first exported for the extent.

Polygons have the fields class_id, class (appeared, disappeared, modified), confidence (0…1), area_m2 and perim_m (ellipsoidal). With dates given, they also have date_before and date_after.</source>
            <translation>Compara dos imágenes del mismo lugar. Dibuja los edificios que aparecieron, desaparecieron o se modificaron entre ellas, con límites refinados.

La imagen posterior puede tener cualquier sistema de coordenadas, resolución y extensión; se remuestrea a la cuadrícula de la anterior. El desplazamiento entre las imágenes se estima bloque por bloque y se indica. Si se pide, se corrige. Donde alguna de las imágenes no tiene datos, no se indica nada. Donde ambas son iguales, nada ha cambiado.

El motor de IDGBR hace el trabajo en un proceso propio. Instálelo en Configuración ▸ Opciones ▸ IDGBR. Los rásters locales se leen directamente. Los mapas web y las capas en memoria se exportan antes para la extensión.

Los polígonos tienen los campos class_id, class (appeared, disappeared, modified), confidence (0…1), area_m2 y perim_m (elipsoidales). Si se indican las fechas, tienen también date_before y date_after.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>The earlier image; results are on its grid.</source>
            <translation>La imagen anterior; los resultados están en su cuadrícula.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>The later image, with any coordinate system, resolution and extent.</source>
            <translation>La imagen posterior, con cualquier sistema de coordenadas, resolución y extensión.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Compare the images in both orders and average the results. Slightly more reliable, but takes twice the time.</source>
            <translation>Comparar las imágenes en ambos órdenes y promediar los resultados. Algo más fiable, pero tarda el doble.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Probability (0–1) that a pixel has changed, before threshold and refinement, as GeoTIFF.</source>
            <translation>Probabilidad (0–1) de que un píxel haya cambiado, antes del umbral y del refinado, como GeoTIFF.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>change detection,two dates,difference,building,damage,demolished,new,time,compare</source>
            <translation>detección de cambios,dos fechas,diferencia,edificio,daño,demolido,nuevo,tiempo,comparar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Image before</source>
            <translation>Imagen anterior</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Image after</source>
            <translation>Imagen posterior</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Compare in both orders</source>
            <translation>Comparar en ambos órdenes</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Date before</source>
            <translation>Fecha anterior</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Date after</source>
            <translation>Fecha posterior</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Date of the image, written to the polygons' attributes.</source>
            <translation>Fecha de la imagen, para los atributos de los polígonos.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Shift between the images (m)</source>
            <translation>Desplazamiento entre las imágenes (m)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Whether the shift is reliable</source>
            <translation>Si el desplazamiento es fiable</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>The date before must be earlier than the date after; are the two images swapped?</source>
            <translation>La fecha anterior no precede a la posterior; ¿están intercambiadas las dos imágenes?</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Mean IoU</source>
            <translation>IoU media</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Mean F1</source>
            <translation>F1 media</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Overall accuracy</source>
            <translation>Exactitud global</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Evaluate a classification</source>
            <translation>Evaluar una clasificación</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>accuracy,assessment,validation,truth,confusion matrix,iou,f1,boundary,error,compare,polis,report</source>
            <translation>exactitud,evaluación,validación,verdad,matriz de confusión,iou,f1,límite,error,comparar,polis,informe</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Measures how well a classification agrees with the truth, in particular its boundaries, and writes a report.</source>
            <translation>Mide hasta qué punto coincide una clasificación con la verdad, en especial sus límites, y escribe un informe.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Compares a classification with the truth. Either may be a class raster or a polygon layer, in any coordinate system. The figures are outputs of the algorithm. The report is one HTML file with tables, the confusion matrix, distances between boundaries, a map of the errors and the worst places.

Both inputs are brought to one grid by nearest neighbour. It is the grid of the truth if that is a raster, else that of the prediction, else that of the image. Without any raster, a grid is made for the extent of the truth. Rasters are scored where they overlap. A true layer is scored inside its bounding box, or inside the given extent. Ground where the truth has no data is not scored. Where the prediction has no class, it is wrong.

Classes are matched by name if both inputs have names, else by number. Layers made by this plugin need no class field. Predicted classes that the truth does not have count as background.

The IDGBR backend does the work in a separate process. Set it up in Settings ▸ Options ▸ IDGBR.</source>
            <translation>Compara una clasificación con la verdad. Cualquiera de las dos puede ser un ráster de clases o una capa de polígonos, en cualquier sistema de coordenadas. Las cifras son salidas del algoritmo. El informe es un solo archivo HTML con tablas, la matriz de confusión, distancias entre límites, un mapa de los errores y los peores lugares.

Ambas entradas se llevan a una cuadrícula por vecino más próximo. Es la de la verdad si es un ráster, si no la de la predicción, si no la de la imagen. Sin ningún ráster, se crea una cuadrícula para la extensión de la verdad. Los rásters se puntúan donde se superponen. Una capa verdadera se puntúa dentro de su rectángulo envolvente o de la extensión indicada. El terreno del que la verdad no tiene datos no se puntúa. Donde la predicción no tiene clase, es errónea.

Las clases se emparejan por nombre si ambas entradas tienen nombres, si no por número. Las capas hechas por este complemento no necesitan campo de clase. Las clases predichas que la verdad no tiene cuentan como fondo.

El motor de IDGBR hace el trabajo en un proceso propio. Instálelo en Configuración ▸ Opciones ▸ IDGBR.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Field of the polygon layer that holds the class (text or integer). Leave it empty to use the fields class and class_id, or if all polygons have the same class.</source>
            <translation>Campo de la capa de polígonos que contiene la clase (texto o entero). Vacío para los campos class y class_id, o si todos los polígonos tienen la misma clase.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Mean IoU within 3 px of true boundaries</source>
            <translation>IoU media a menos de 3 px de los límites verdaderos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>WFm: weighted F-measure of boundaries</source>
            <translation>WFm: medida F ponderada de los límites</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Pixels scored</source>
            <translation>Píxeles puntuados</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Wrong pixels</source>
            <translation>Píxeles erróneos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Pixels without a prediction</source>
            <translation>Píxeles sin predicción</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Expected calibration error</source>
            <translation>Error de calibración esperado</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>F1 of matched polygons</source>
            <translation>F1 de los polígonos encontrados</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Mean IoU of matched polygons</source>
            <translation>IoU media de los polígonos emparejados</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>PoLiS distance of matched polygons (m)</source>
            <translation>Distancia PoLiS de los polígonos emparejados (m)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Predicted vertices per true vertex</source>
            <translation>Vértices predichos por vértice verdadero</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Angle error of matched polygons (degrees)</source>
            <translation>Error angular de los polígonos emparejados (grados)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Image to show below the errors in the report. It also gives the grid if two polygon layers are compared.</source>
            <translation>Imagen que se muestra bajo los errores en el informe. También da la cuadrícula si se comparan dos capas de polígonos.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Confidence of each predicted pixel (0–1), for the calibration error.</source>
            <translation>Confianza de cada píxel predicho, de 0 a 1: para el error de calibración.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Area to evaluate, in any coordinate system.</source>
            <translation>Zona que se puntúa, en cualquier sistema de coordenadas.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Pixel size (m)</source>
            <translation>Tamaño de píxel (m)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Pixel size of the grid on which two polygon layers are compared. 0: chosen from the extent.</source>
            <translation>Tamaño de píxel de la cuadrícula en la que se comparan dos capas de polígonos. 0: según la extensión.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>How to treat ground without a true polygon. background: it counts as background. unlabelled: it is not scored. auto: background if either input has one, or if the truth has a single class.</source>
            <translation>Cómo tratar el terreno sin polígono verdadero. background: cuenta como fondo. unlabelled: no se puntúa. auto: fondo si alguna de las entradas lo tiene o la verdad tiene una sola clase.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Report with tables, charts and pictures, in one file.</source>
            <translation>Informe con tablas, gráficos e imágenes, en un solo archivo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Boundary F-score, {tolerance}</source>
            <translation>Medida F de los límites, {tolerance}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Boundary IoU, {tolerance}</source>
            <translation>IoU de los límites, {tolerance}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Prediction</source>
            <translation>Predicción</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Class raster or polygon layer to evaluate.</source>
            <translation>Ráster de clases o capa de polígonos que se juzga.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Class field of the prediction</source>
            <translation>Campo de clase de la predicción</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Truth</source>
            <translation>Verdad</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Class raster or polygon layer with the true classes; nodata is not scored.</source>
            <translation>Ráster de clases o capa de polígonos que es correcta; nodata no se puntúa.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Class field of the truth</source>
            <translation>Campo de clase de la verdad</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Outside true polygons</source>
            <translation>Fuera de los polígonos verdaderos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <location filename="idgbr_qgis/processing/pretrain.py" />
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Report</source>
            <translation>Informe</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <location filename="idgbr_qgis/processing/pretrain.py" />
            <location filename="idgbr_qgis/processing/train.py" />
            <source>HTML files (*.html)</source>
            <translation>Archivos HTML (*.html)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Reading the map</source>
            <translation>Leyendo el mapa</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Segmenting</source>
            <translation>Segmentando</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Refining boundaries from coarse to fine</source>
            <translation>Refinando límites de grueso a fino</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Refining boundaries</source>
            <translation>Refinando límites</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Vectorizing</source>
            <translation>Vectorizando</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Regularizing</source>
            <translation>Regularizando</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Matching polygons with the image</source>
            <translation>Comparando los polígonos con la imagen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Aligning</source>
            <translation>Alineando</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Comparing</source>
            <translation>Comparando</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Comparing dates</source>
            <translation>Comparando fechas</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Writing</source>
            <translation>Escribiendo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>{n} h</source>
            <translation>{n} h</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>{stage}: about {time} left</source>
            <translation>{stage}: quedan unos {time}</translation>
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
            <translation>Preentrenar un modelo de difusión</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/pretrain.py" />
            <source>Trains a diffusion model on images without labels, whose features help to learn your own classes.</source>
            <translation>Entrena un modelo de difusión con imágenes sin etiquetas, cuyas características ayudan a aprender clases propias.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/pretrain.py" />
            <source>Trains a diffusion model that predicts the noise in an image. It needs no labels. The architecture diff-hrnet of full training uses its features, so that fewer labels may be enough.

Few people have enough images to train one from nothing: start from a prior of other images, and continue on your own. The training takes hours on a processor. It ends when the loss on blocks set aside is flat.

The IDGBR backend does the work in a separate process; training needs its extra packages (torch). Run a stopped training again to resume it.</source>
            <translation>Entrena un modelo de difusión que predice el ruido de una imagen. No necesita etiquetas. La arquitectura diff-hrnet del entrenamiento completo usa sus características, de modo que pueden bastar menos etiquetas.

Pocas personas tienen imágenes suficientes para entrenar uno desde cero: parta de un modelo de otras imágenes y continúe con las suyas. El entrenamiento tarda horas en un procesador. Termina cuando la pérdida en los bloques reservados deja de bajar.

El backend de IDGBR trabaja en un proceso aparte; el entrenamiento necesita sus paquetes adicionales (torch). Ejecute de nuevo un entrenamiento detenido para reanudarlo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/pretrain.py" />
            <location filename="idgbr_qgis/processing/track_changes.py" />
            <source>Images</source>
            <translation>Imágenes</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/pretrain.py" />
            <source>Images with the same bands. Ground without data is not learned from.</source>
            <translation>Imágenes con las mismas bandas. No se aprende del terreno sin datos.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/pretrain.py" />
            <source>Id or folder of a prior to continue from; it gives the size of the network.</source>
            <translation>Id o carpeta del modelo desde el que se continúa; determina el tamaño de la red.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/pretrain.py" />
            <source>Size of the network: cpu for two cores, gpu for a large GPU.</source>
            <translation>Tamaño de la red: cpu para dos núcleos, gpu para una GPU grande.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/pretrain.py" />
            <source>Curves of the training in one file, while it runs and at its end.</source>
            <translation>Curvas del entrenamiento en un archivo, mientras se ejecuta y al final.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/pretrain.py" />
            <source>diffusion,prior,self-supervised,unlabelled,training,deep learning,hrnet</source>
            <translation>difusión,preentrenamiento,autosupervisado,sin etiquetas,entrenamiento,aprendizaje profundo,hrnet</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/pretrain.py" />
            <source>Prior to start from</source>
            <translation>Modelo de partida</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/pretrain.py" />
            <source>Size</source>
            <translation>Tamaño</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/pretrain.py" />
            <source>Loss on blocks set aside</source>
            <translation>Pérdida en los bloques reservados</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/provider.py" />
            <source>IDGBR – segmentation with diffusion-refined boundaries</source>
            <translation>IDGBR – segmentación con límites refinados por difusión</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/recipe.py" />
            <source>Refine what another plugin made</source>
            <translation>Refinar lo que hizo otro complemento</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/recipe.py" />
            <source>Put footprints onto my image</source>
            <translation>Ajustar huellas de edificios a mi imagen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/recipe.py" />
            <source>Land cover of a municipality</source>
            <translation>Cobertura del suelo de un municipio</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/recipe.py" />
            <source>What changed since the last flight</source>
            <translation>Qué cambió desde el último vuelo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/recipe.py" />
            <source>Recipes</source>
            <translation>Recetas</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Refine boundaries of a classification</source>
            <translation>Refinar los límites de una clasificación</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>refine,boundary,outline,correct,improve,shift,align,diffusion,classification,land cover,building,ai</source>
            <translation>refinar,límite,contorno,corregir,mejorar,desplazar,alinear,difusión,clasificación,cobertura del suelo,edificio,ia</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Moves the boundaries of any class raster or polygon layer to where an image shows them.</source>
            <translation>Mueve los límites de cualquier ráster de clases o capa de polígonos a donde una imagen los muestra.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Moves the boundaries of any classification to where the image shows them. A diffusion model looks at both; nothing is trained. Only a band along boundaries can change, and a pixel can only become a class that occurs within the band's width of it. Everything else stays as it was, pixel for pixel.

The refiner first estimates from samples how exact the classification is. An exact one is hardly changed. The more labels along boundaries it disagrees with, the more freely boundaries move. In images with small pixels, it starts on a coarser grid.

A class raster may have any grid, any coordinate system and up to 255 integer values. The output raster keeps values, colours and names. In one tile of the image, the 16 most common classes take part. The others stay as they are, with a warning.

Polygons are rasterized onto the pixels of the image. Where they overlap, the smaller one counts. Around objects such as buildings, ground without a polygon is background: it takes part, but gets no polygons. Between the polygons of a coverage, such as land cover, it is a gap: it has no class and stays so unless gaps are filled. The outlines decide: if most of their length borders uncovered ground, it is background. Strips of up to two pixels between two polygons are always gaps. Nodata of a raster has no class.

Polygons have the fields class_id, class, confidence (0…1), area_m2, perim_m (ellipsoidal) and moved_m. The last one is the mean distance of the outline from where its class ended before, in metres on the ground. With samples, they also have uncertain, the mean uncertainty of the outline (0…1). A polygon keeps the attributes of the polygon of the layer that it continues, and so do several pieces of one. Touching polygons of one class are joined, unless touching objects are kept apart. Without a single origin, attributes are empty.

The IDGBR backend does the work in a separate process. Set it up in Settings ▸ Options ▸ IDGBR.</source>
            <translation>Mueve los límites de cualquier clasificación a donde la imagen los muestra. Un modelo de difusión mira ambas; no se entrena nada. Solo puede cambiar una banda a lo largo de los límites, y un píxel solo puede pasar a una clase que exista dentro del ancho de la banda. Todo lo demás queda como estaba, píxel por píxel.

El refinador estima primero, con muestras, cuán exacta es la clasificación. Una exacta apenas cambia. Cuantas más clases a lo largo de los límites le parecen otras, más libremente se mueven los límites. En imágenes de píxeles pequeños empieza en una cuadrícula más gruesa.

Un ráster de clases puede tener cualquier cuadrícula, cualquier sistema de coordenadas y hasta 255 valores enteros. El ráster de salida conserva valores, colores y nombres. En una tesela de la imagen participan las 16 clases más frecuentes. Las demás quedan como están, con un aviso.

Los polígonos se rasterizan sobre los píxeles de la imagen. Donde se superponen, cuenta el menor. Alrededor de objetos como edificios, el terreno sin polígono es fondo: participa, pero no recibe polígonos. Entre los polígonos de una cobertura continua, como la del suelo, es un hueco: no tiene clase y sigue sin ella si no se rellenan los huecos. Deciden los contornos: si la mayor parte de su longitud linda con terreno descubierto, es fondo. Las franjas de hasta dos píxeles entre dos polígonos son siempre huecos. El nodata de un ráster no tiene clase.

Los polígonos tienen los campos class_id, class, confidence (0…1), area_m2, perim_m (elipsoidales) y moved_m. Este último es la distancia media del contorno a donde antes terminaba su clase, en metros sobre el terreno. Con muestras, tienen también uncertain, la incertidumbre media del contorno (0…1). Un polígono conserva los atributos del polígono de la capa al que continúa, y también los conservan varios trozos de uno. Los polígonos de una misma clase que se tocan se unen, si no se mantienen separados los objetos contiguos. Sin un origen único, los atributos quedan vacíos.

El motor de IDGBR hace el trabajo en un proceso propio. Instálelo en Configuración ▸ Opciones ▸ IDGBR.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Orthophoto or satellite image that shows the boundaries: a file, or a web map (then choose an extent).</source>
            <translation>Ortofoto o imagen de satélite que muestra los límites: un archivo o un mapa web (entonces elija una extensión).</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Class raster or polygon layer, in any coordinate system, whose boundaries are roughly right. A layer can be limited to its selected features.</source>
            <translation>Ráster de clases o capa de polígonos, en cualquier sistema de coordenadas, cuyos límites son más o menos correctos. Una capa se puede limitar a los objetos seleccionados.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Field of the polygon layer that holds the class (text or integer). Leave it empty if all polygons have the same class.</source>
            <translation>Campo de la capa de polígonos que contiene la clase (texto o entero). Vacío si todos los polígonos tienen la misma clase.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>First move the polygons of a misplaced layer, by up to 8 m, to where the image shows them, as the algorithm Align polygons with an image does. For layers of buildings.</source>
            <translation>Primero mueve los polígonos de una capa desplazada, hasta 8 m, a donde los muestra la imagen, como el algoritmo Alinear polígonos con una imagen. Para capas de edificios.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Area to process, in any coordinate system; empty for the whole image.</source>
            <translation>Zona sobre la que se trabaja, en cualquier sistema de coordenadas; vacío para toda la imagen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Background</source>
            <translation>Fondo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Whether ground without a class takes part as background. yes: it does. no: it stays as it is. auto: it does if the polygons are single objects, not a coverage.</source>
            <translation>Si el terreno sin clase participa como fondo. yes: sí. no: queda como está. auto: sí, si los polígonos son objetos sueltos y no una cobertura continua.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Before refining, give gaps of up to 32 pixels the class beside them. Wider ground without a class stays as it is.</source>
            <translation>Antes de refinar, dar a los huecos de hasta 32 píxeles la clase que tienen al lado. El terreno sin clase más ancho queda como está.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>How far boundaries may move at most. 0: the width that the refiner was calibrated with.</source>
            <translation>Cuánto pueden moverse los límites como máximo. 0: el ancho con el que se calibró el refinador.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Touching polygons of the layer stay polygons of their own; their shared walls stay where they are. In a class raster, the model buildings parts classes that are buildings. The field object_id numbers the objects.</source>
            <translation>Los polígonos contiguos de la capa siguen siendo polígonos propios; sus muros comunes quedan donde están. En un ráster de clases, el modelo buildings separa las clases que son edificios. El campo object_id numera los objetos.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>{before} → {after}: {pixels} pixels, {area} m²</source>
            <translation>{before} → {after}: {pixels} píxeles, {area} m²</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Classification</source>
            <translation>Clasificación</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Fill gaps</source>
            <translation>Rellenar huecos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Band width (pixels)</source>
            <translation>Ancho de la banda (píxeles)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Keep touching objects apart</source>
            <translation>Mantener separados los objetos contiguos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Pixels that changed class</source>
            <translation>Píxeles que cambiaron de clase</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Fraction of the boundary that moved</source>
            <translation>Parte del límite que se movió</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Mean displacement of the boundary (m)</source>
            <translation>Desplazamiento medio del límite (m)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>95th percentile of the displacement (m)</source>
            <translation>Percentil 95 del desplazamiento (m)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Fraction of labels along boundaries that the refiner disagrees with</source>
            <translation>Fracción de clases a lo largo de los límites con las que el refinador no coincide</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Only polygons can be aligned; choose a polygon layer, or do not align it.</source>
            <translation>Solo se pueden alinear polígonos; elija una capa de polígonos o no la alinee.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/regularize.py" />
            <source>Regularize polygons</source>
            <translation>Regularizar polígonos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/regularize.py" />
            <source>Gives buildings of any polygon layer regular outlines; neighbours keep their shared walls.</source>
            <translation>Da contornos regulares a los edificios de cualquier capa de polígonos; los vecinos conservan sus muros comunes.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/regularize.py" />
            <source>Gives the polygons of a layer from any tool regular outlines, such as right angles for buildings. Each object has its own main directions, several for wings, weighed against those of its neighbours. Courtyards follow. Walls that two polygons share stay shared. No outline moves farther than the tolerance, and one that would change too much stays as it is.

Attributes are kept. Angles and distances are those on the ground, in any coordinate system. Polygons in three dimensions are written in two.

The IDGBR backend does the work in a separate process. Set it up in Settings ▸ Options ▸ IDGBR.</source>
            <translation>Da contornos regulares a los polígonos de una capa de cualquier herramienta, como ángulos rectos a los edificios. Cada objeto tiene sus propias direcciones principales, varias si tiene alas, que se sopesan con las de sus vecinos. Los patios siguen. Los muros que comparten dos polígonos siguen siendo comunes. Ningún contorno se desplaza más que la tolerancia, y el que cambiaría demasiado se queda como está.

Los atributos se conservan. Ángulos y distancias son los del terreno, en cualquier sistema de coordenadas. Los polígonos en tres dimensiones se escriben en dos.

El motor de IDGBR hace el trabajo en un proceso propio. Instálelo en Configuración ▸ Opciones ▸ IDGBR.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/regularize.py" />
            <source>Polygon layer of any origin. If only its selected features are used, the others are left out.</source>
            <translation>Capa de polígonos de cualquier origen. Si solo se usan los objetos seleccionados, los demás quedan fuera.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/regularize.py" />
            <source>Right angles, right angles and diagonals, circles for tanks and silos, or auto, the shape that fits each object.</source>
            <translation>Ángulos rectos, ángulos rectos y diagonales, círculos para tanques y silos, o auto: la forma que se ajusta a cada objeto.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/regularize.py" />
            <source>Tolerance (m)</source>
            <translation>Tolerancia (m)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/regularize.py" />
            <source>How far an outline may move. Walls shorter than three quarters of it are removed.</source>
            <translation>Cuánto puede desplazarse un contorno. Los muros más cortos que tres cuartos de ello se eliminan.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/regularize.py" />
            <source>The same features with regular outlines, in any format that the plugin writes.</source>
            <translation>Los mismos objetos con contornos regulares, en cualquier formato que escribe el complemento.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/regularize.py" />
            <source>square,orthogonalize,right angles,buildings,footprints,outlines,circles,silos,simplify</source>
            <translation>ortogonalizar,ángulos rectos,edificios,huellas,contornos,círculos,silos,simplificar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/regularize.py" />
            <source>Method</source>
            <translation>Método</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/regularize.py" />
            <source>Regular polygons</source>
            <translation>Polígonos regulares</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/regularize.py" />
            <source>Polygons with a new outline</source>
            <translation>Polígonos con contorno nuevo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Segment image</source>
            <translation>Segmentar imagen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>segmentation,semantic,ai,deep learning,diffusion,refine,boundary,building,roof,land cover,polygonize</source>
            <translation>segmentación,semántica,ia,aprendizaje profundo,difusión,refinar,límite,edificio,tejado,cobertura del suelo,poligonizar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Segments an image with a model, refines the boundaries and writes polygons by class.</source>
            <translation>Segmenta una imagen con un modelo, refina los límites y escribe polígonos por clase.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Segments an orthophoto or satellite image into classes and refines the boundaries with a diffusion model. Writes valid polygons that meet without gaps or overlaps.

The IDGBR backend does the work in a separate process. Set it up in Settings ▸ Options ▸ IDGBR. Local rasters are read in place. Web maps and layers in memory are first exported for the extent.

Polygons have the fields class_id, class, confidence (0…1), area_m2 and perim_m (ellipsoidal). With samples, they also have uncertain, the mean uncertainty of their boundary (0…1). With parted objects, object_id numbers them.</source>
            <translation>Segmenta en clases una ortofoto o imagen de satélite y refina los límites con un modelo de difusión. Escribe polígonos válidos que se tocan sin huecos ni superposiciones.

El motor de IDGBR hace el trabajo en un proceso propio. Instálelo en Configuración ▸ Opciones ▸ IDGBR. Los rásters locales se leen directamente. Los mapas web y las capas en memoria se exportan antes para la extensión.

Los polígonos tienen los campos class_id, class, confidence (0…1), area_m2 y perim_m (elipsoidales). Con muestras, tienen también uncertain, la incertidumbre media de su límite (0…1). Si se separan los objetos, object_id los numera.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Orthophoto or satellite image: a file, or a web map (then choose an extent).</source>
            <translation>Ortofoto o imagen de satélite: un archivo o un mapa web (entonces elija una extensión).</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Area to segment, in any coordinate system; empty for the whole image.</source>
            <translation>Zona que se segmenta, en cualquier sistema de coordenadas; vacío para toda la imagen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Limits the result to these polygons, or to the selected ones.</source>
            <translation>Limita el resultado a estos polígonos o a los seleccionados.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Id of a model (buildings, landcover), the folder of a model, or an .onnx file.</source>
            <translation>Id de un modelo (buildings, landcover), la carpeta de un modelo o un archivo .onnx.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Refine the boundaries of the coarse segmentation with the diffusion refiner.</source>
            <translation>Corregir los límites de la segmentación gruesa con el refinador de difusión.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Give touching objects, such as row houses, polygons of their own with shared walls. The field object_id numbers them. The model must find where objects meet, as buildings does.</source>
            <translation>Los objetos contiguos, como casas adosadas, reciben polígonos propios con paredes comunes. El campo object_id los numera. El modelo debe encontrar dónde se tocan los objetos, como lo hace buildings.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Mask polygons</source>
            <translation>Polígonos de máscara</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Part touching objects</source>
            <translation>Separar objetos contiguos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Give objects such as buildings regular outlines: right angles, right angles and diagonals, circles for tanks and silos, or auto, the shape that fits each object. An outline that would change too much stays.</source>
            <translation>Da contornos regulares a objetos como edificios: ángulos rectos, ángulos rectos y diagonales, círculos para tanques y silos, o auto: la forma que se ajusta a cada objeto. Un contorno que cambiaría demasiado se queda como está.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>What to do if a block of the image cannot be read: stop with an error, or treat it as nodata.</source>
            <translation>Qué hacer si no se puede leer un bloque de la imagen: detenerse con un error o tratarlo como nodata.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Minimum area (m²)</source>
            <translation>Área mínima (m²)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Simplification (pixels)</source>
            <translation>Simplificación (píxeles)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Smaller polygons and holes are merged into their surroundings.</source>
            <translation>Los polígonos y huecos menores se unen a lo que los rodea.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>How far a boundary may be from its position in the class raster. 0 keeps every pixel step.</source>
            <translation>Cuánto puede apartarse un límite de su posición en el ráster de clases. 0 conserva cada escalón de píxel.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Square right angles</source>
            <translation>Escuadrar ángulos rectos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Former name of regular outlines with right angles, for older models and scripts.</source>
            <translation>Nombre anterior de los contornos regulares con ángulos rectos, para modelos y scripts antiguos.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Number of diffusion steps. With more steps, boundaries can move farther, and the job takes longer. 0: the refiner’s default.</source>
            <translation>Número de pasos de difusión. Con más pasos, los límites pueden moverse más y el trabajo tarda más. 0: el valor propio del refinador.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Number of refiner samples used to estimate how uncertain boundaries are. Polygons get the field uncertain. One sample costs no extra time. Four rank errors slightly better, and each takes as long as the refinement. 0: off, or 1 if an uncertainty raster is requested.</source>
            <translation>Número de muestras del refinador con las que se estima cuán inciertos son los límites. Los polígonos reciben el campo uncertain. Una muestra no cuesta tiempo adicional. Cuatro ordenan los errores algo mejor, y cada una tarda tanto como el refinado. 0: ninguna, o 1 si se pide un ráster de incertidumbre.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>What to do if a block of the image cannot be read: stop with an error that names the block, or treat it as nodata. A stopped job resumes with the other choice.</source>
            <translation>Qué hacer si no se puede leer un bloque de la imagen: detenerse con un error que indica el bloque, o tratarlo como nodata. Un trabajo detenido se reanuda con la otra opción.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>auto uses the GPU if possible. cpu, cuda or cuda:1 require that device and fail without it.</source>
            <translation>auto usa la GPU si es posible. cpu, cuda o cuda:1 exigen ese dispositivo y fallan sin él.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Probability (0–1) that a pixel is of another class than the one it was given, according to the refiner, as GeoTIFF. 0 outside the refined band along boundaries.</source>
            <translation>Probabilidad (0–1), según el refinador, de que un píxel sea de otra clase que la asignada, como GeoTIFF. 0 fuera de la banda refinada a lo largo de los límites.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Polygons by class as GeoPackage, Shapefile, GeoJSON, FlatGeobuf, or GeoParquet if QGIS can open it.</source>
            <translation>Polígonos por clase como GeoPackage, Shapefile, GeoJSON, FlatGeobuf, o GeoParquet si QGIS puede abrirlo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>With model, it is what the model recommends: auto for buildings, none for land cover.</source>
            <translation>Con model, es lo que recomienda el modelo: auto para edificios, none para la cobertura del suelo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Regular outlines</source>
            <translation>Contornos regulares</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Refinement steps</source>
            <translation>Pasos de refinado</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Samples for uncertainty</source>
            <translation>Muestras para la incertidumbre</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Damaged blocks</source>
            <translation>Bloques dañados</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Class of each pixel on the grid of the image, as GeoTIFF.</source>
            <translation>Clase de cada píxel en la cuadrícula de la imagen, como GeoTIFF.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/shared_parameters.py" />
            <source>Confidence of each pixel's class (0–1), as GeoTIFF.</source>
            <translation>Confianza de la clase de cada píxel, de 0 a 1, como GeoTIFF.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/track_changes.py" />
            <source>Track changes over several dates</source>
            <translation>Seguir los cambios en varias fechas</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/track_changes.py" />
            <source>Finds when buildings were first and last seen in images of several dates.</source>
            <translation>Encuentra cuándo se vieron edificios por primera y por última vez en imágenes de varias fechas.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/track_changes.py" />
            <source>Compares each image with the next one in time, like the algorithm Detect changes, and joins the results. The polygons are the buildings that were not there all the time.

The date of an image is the one in the name of its file: ortho_2020.tif or ortho_2020-05-31.tif. If a layer has to be exported, its own name counts. A building that disappears is matched with one that appeared there earlier if both overlap by half of their union. Modified buildings are left out.

The IDGBR backend does the work in a separate process. Set it up in Settings ▸ Options ▸ IDGBR. Run a stopped job again to resume it.

Polygons have the fields first_seen, last_seen, confidence (0…1) and area_m2. first_seen is empty if the building was there at the first date, last_seen if it is still there at the last one.</source>
            <translation>Compara cada imagen con la siguiente en el tiempo, como el algoritmo Detectar cambios, y une los resultados. Los polígonos son los edificios que no estuvieron todo el tiempo.

La fecha de una imagen es la del nombre de su archivo: ortho_2020.tif u ortho_2020-05-31.tif. Si hay que exportar una capa, cuenta su propio nombre. Un edificio que desaparece se empareja con uno que apareció allí antes si ambos se solapan en la mitad de su unión. Los edificios modificados se omiten.

El motor de IDGBR hace el trabajo en un proceso propio. Instálelo en Configuración ▸ Opciones ▸ IDGBR. Ejecute de nuevo un trabajo detenido para reanudarlo.

Los polígonos tienen los campos first_seen, last_seen, confidence (0…1) y area_m2. first_seen está vacío si el edificio ya estaba en la primera fecha, last_seen si sigue en pie en la última.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/track_changes.py" />
            <source>Images of one place with dates in their names, in any order and on any grids.</source>
            <translation>Imágenes de un mismo lugar con la fecha en el nombre, en cualquier orden y en cualquier cuadrícula.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/track_changes.py" />
            <source>appeared</source>
            <translation>aparecido</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/track_changes.py" />
            <source>disappeared</source>
            <translation>desaparecido</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/track_changes.py" />
            <source>appeared and disappeared</source>
            <translation>aparecido y desaparecido</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/track_changes.py" />
            <source>change detection,time series,history,first seen,last seen,building,monitoring,dates</source>
            <translation>detección de cambios,serie temporal,historia,visto por primera vez,visto por última vez,edificio,seguimiento,fechas</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/track_changes.py" />
            <source>Buildings that appeared</source>
            <translation>Edificios aparecidos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/track_changes.py" />
            <source>Buildings that disappeared</source>
            <translation>Edificios desaparecidos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Train a model for your own classes</source>
            <translation>Entrenar un modelo para clases propias</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Makes a model for your own classes from labels drawn on images.</source>
            <translation>Crea un modelo para clases propias a partir de muestras dibujadas sobre imágenes.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Makes a model for your own classes from polygons, lines or points with a class. The algorithm Segment image takes it at once.

quick needs a minute and a few labels: five of each class are a start. It fits a small network to features of the image. segment trains a network in full. It needs many labels, hours on a processor, and the extra packages of the backend for training (torch).

Label every kind of ground, or the model has to give it one of your classes. Draw within objects, not across their boundaries. The colours of the classes are those of the layer’s style. The card of the model gives its accuracy on labels that took no part, by image or by block of ground.

The IDGBR backend does the work in a separate process. Set it up in Settings ▸ Options ▸ IDGBR.</source>
            <translation>Crea un modelo para clases propias a partir de polígonos, líneas o puntos con una clase. El algoritmo Segmentar imagen lo acepta de inmediato.

quick necesita un minuto y pocas muestras: cinco de cada clase son un comienzo. Ajusta una red pequeña a características de la imagen. segment entrena una red completa. Necesita muchas muestras, horas en un procesador y los paquetes adicionales del backend para el entrenamiento (torch).

Dibuje muestras de todo tipo de terreno; si no, el modelo tiene que darle una de sus clases. Dibuje dentro de los objetos, no a través de sus límites. Los colores de las clases son los del estilo de la capa. La ficha del modelo indica su exactitud en muestras que no participaron, por imagen o por bloque de terreno.

El backend IDGBR trabaja en un proceso aparte. Configúrelo en Configuración ▸ Opciones ▸ IDGBR.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Orthophoto or satellite image with labels, with 1 to 12 bands of any type.</source>
            <translation>Ortofoto o imagen de satélite con muestras, con 1 a 12 bandas de cualquier tipo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Layer of polygons, lines or points with a class each, or a class raster, in any coordinate system.</source>
            <translation>Capa de polígonos, líneas o puntos con una clase cada uno, o un ráster de clases, en cualquier sistema de coordenadas.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Field of the labels with the class (text or integer). Empty: the field class or class_id.</source>
            <translation>Campo de las muestras con la clase (texto o entero). Vacío: el campo class o class_id.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>quick: fitted to a few labels in a minute. segment: a network trained in full.</source>
            <translation>quick: ajustado a pocas muestras en un minuto. segment: una red entrenada por completo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Class that gets no polygons, such as the ground around objects.</source>
            <translation>Clase que no recibe polígonos, como el terreno alrededor de los objetos.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Id under which the model is added to your models, so that lists show it. Empty: it is not added.</source>
            <translation>Identificador con el que el modelo se añade a sus modelos, para que las listas lo muestren. Vacío: no se añade.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Report of the task segment, in one file: the curves of the training, while it runs, and the validation at its end.</source>
            <translation>Informe de la tarea segment, en un archivo: las curvas del entrenamiento mientras se ejecuta, y la validación al final.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Images with the same bands. A model of several images carries over better to others.</source>
            <translation>Imágenes con las mismas bandas. Un modelo de varias imágenes se traslada mejor a otras.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>A layer for each further image, in their order. Empty: one layer has the labels of all images.</source>
            <translation>Una capa por cada imagen adicional, en su orden. Vacío: una capa contiene las muestras de todas las imágenes.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Labels inside these polygons, or the selected ones, are not used.</source>
            <translation>Las muestras dentro de estos polígonos, o de los seleccionados, no se usan.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Network</source>
            <translation>Red</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Network of the task segment: the shared backbone, fine-tuned or frozen, a compact U-Net, HRNetV2, or HRNetV2 with a diffusion prior.</source>
            <translation>Red de la tarea segment: el backbone compartido, ajustado o congelado, una U-Net compacta, HRNetV2, o HRNetV2 con un prior de difusión.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Id or folder of a prior, for diff-hrnet.</source>
            <translation>Identificador o carpeta de un prior, para diff-hrnet.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Channels of the finest branch: 18 for two cores; 32 or 48 for a GPU.</source>
            <translation>Canales de la rama más fina: 18 para dos núcleos; 32 o 48 para una GPU.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Ground without a label</source>
            <translation>Terreno sin muestra</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>How ground without a label counts in the task segment: not at all, or as background.</source>
            <translation>Cómo cuenta el terreno sin muestra en la tarea segment: nada, o como fondo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Let rare classes weigh more in the task segment.</source>
            <translation>Dar más peso a las clases raras en la tarea segment.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>train,model,classes,labels,classification,deep learning,supervised,random forest,samples</source>
            <translation>entrenar,modelo,clases,muestras,clasificación,aprendizaje profundo,supervisado,random forest,etiquetas</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Background class</source>
            <translation>Clase de fondo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Add to your models as</source>
            <translation>Añadir a sus modelos como</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Id of the model</source>
            <translation>Identificador del modelo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Mean IoU of labels that took no part</source>
            <translation>IoU media de las muestras que no participaron</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Further images</source>
            <translation>Imágenes adicionales</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Labels of further images</source>
            <translation>Muestras de las imágenes adicionales</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Ignored areas</source>
            <translation>Áreas ignoradas</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Diffusion prior</source>
            <translation>Prior de difusión</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Width of HRNet</source>
            <translation>Anchura de HRNet</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/train.py" />
            <source>Class weights</source>
            <translation>Pesos de clases</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/training.py" />
            <source>Your own models</source>
            <translation>Modelos propios</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/training.py" />
            <source>Bands that the network reads, from 1, such as 4,1,2. Empty: all, up to 12.</source>
            <translation>Bandas que lee la red, desde 1, como 4,1,2. Vacío: todas, hasta 12.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/training.py" />
            <source>Most training steps.</source>
            <translation>Número máximo de pasos de entrenamiento.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/training.py" />
            <source>Most minutes of training. 0: no limit.</source>
            <translation>Duración máxima del entrenamiento en minutos. 0: sin límite.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/training.py" />
            <source>Fewer are used if memory runs out.</source>
            <translation>Se usan menos si falta memoria.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/training.py" />
            <source>A multiple of 32.</source>
            <translation>Un múltiplo de 32.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/training.py" />
            <source>Number that the random choices start from.</source>
            <translation>Número con el que empieza la selección aleatoria.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/training.py" />
            <source>Title of the model in lists. Empty: the name of its folder.</source>
            <translation>Título del modelo en las listas. Vacío: el nombre de su carpeta.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/training.py" />
            <source>Folder of the model to write; its name is the id of the model.</source>
            <translation>Carpeta del modelo que se escribe; su nombre es el id del modelo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/training.py" />
            <source>Bands</source>
            <translation>Bandas</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/training.py" />
            <source>Training steps</source>
            <translation>Pasos de entrenamiento</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/training.py" />
            <source>Minutes</source>
            <translation>Minutos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/training.py" />
            <source>Crops per step</source>
            <translation>Recortes por paso</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/training.py" />
            <source>Side of a crop (pixels)</source>
            <translation>Lado de un recorte (píxeles)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/training.py" />
            <source>Seed</source>
            <translation>Semilla</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/training.py" />
            <source>Title</source>
            <translation>Título</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/training.py" />
            <source>Model folder</source>
            <translation>Carpeta del modelo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Vectorize class raster</source>
            <translation>Vectorizar ráster de clases</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Turns a class raster into smooth polygons that meet without gaps or overlaps.</source>
            <translation>Convierte un ráster de clases en polígonos suaves que se tocan sin huecos ni superposiciones.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Turns a class raster from any tool into polygons. Boundaries do not follow the pixel steps; they run where the steps suggest them. Boundaries between neighbours are fitted once, so there are no gaps and no overlaps. Nodata stays empty. Rasters of any size are read in strips.

The IDGBR backend does the work in a separate process. Set it up in Settings ▸ Options ▸ IDGBR.

Polygons have the fields class_id, class, confidence (0…1), area_m2 and perim_m (ellipsoidal).</source>
            <translation>Convierte en polígonos un ráster de clases de cualquier programa. Los límites no siguen los escalones de los píxeles; van por donde estos los sugieren. Los límites entre vecinos se ajustan una sola vez, así que no hay huecos ni superposiciones. Nodata queda vacío. Los rásters de cualquier tamaño se leen por franjas.

El motor de IDGBR hace el trabajo en un proceso propio. Instálelo en Configuración ▸ Opciones ▸ IDGBR.

Los polígonos tienen los campos class_id, class, confidence (0…1), area_m2 y perim_m (elipsoidales).</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Raster of class numbers: any integers, up to 255 different ones. Nodata gets no polygons.</source>
            <translation>Ráster con números de clase: enteros cualesquiera, hasta 255 distintos. Nodata no recibe polígonos.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Confidence of each pixel's class (0–1) on the same grid. It fills the field confidence.</source>
            <translation>Confianza de la clase de cada píxel, de 0 a 1, en la misma cuadrícula: llena el campo confidence.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Round the boundaries, for features without corners such as water or forest.</source>
            <translation>Redondear los límites, para cosas sin esquinas como el agua o los bosques.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>polygonize,polygons,coverage,simplify,smooth,classification,topology,gaps,square,regularize</source>
            <translation>poligonizar,polígonos,cobertura,simplificar,suavizar,clasificación,topología,huecos,ortogonalizar,regularizar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Smooth curves</source>
            <translation>Curvas suaves</translation>
        </message>
    </context>
</TS>
